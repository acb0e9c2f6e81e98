# include: control/read-state
# Arguments: require (where the cmdlets exist), registryValue (a number or 'absent').
$parameters = 'HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters'
$before = Read-Registry $parameters 'RequireSecuritySignature'
$changed = @()

if ($Arguments.ContainsKey('require') -and (Read-SmbServer 'RequireSecuritySignature') -ne $Arguments['require']) {
    Set-SmbServerConfiguration -RequireSecuritySignature $Arguments['require'] -Force | Out-Null
    $changed += 'require'
}
# The cmdlet leaves a number behind; a rollback to 'absent' removes it, so that a later default of Windows applies.
if ($Arguments.ContainsKey('registryValue')) {
    Write-RegistryNumber $parameters 'RequireSecuritySignature' $Arguments['registryValue']
    if ($before -ne $Arguments['registryValue']) { $changed += 'registryValue' }
}
# New sessions obey at once; a session that is open keeps what it negotiated.
[pscustomobject]@{ changed = $changed; restartNeeded = $false }
