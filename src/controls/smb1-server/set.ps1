# include: control/read-state
# Arguments: enabled (where the cmdlets exist; takes effect at once), registryValue (a number or 'absent').
$parameters = 'HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters'
$before = Read-Registry $parameters 'SMB1'
$changed = @()

$byCmdlet = $Arguments.ContainsKey('enabled')
if ($byCmdlet -and (Read-SmbServer 'EnableSMB1Protocol') -ne $Arguments['enabled']) {
    Set-SmbServerConfiguration -EnableSMB1Protocol $Arguments['enabled'] -Force | Out-Null
    $changed += 'enabled'
}
# The cmdlet leaves a number behind; a rollback to 'absent' removes it, so that a later default of Windows applies.
if ($Arguments.ContainsKey('registryValue')) {
    Write-RegistryNumber $parameters 'SMB1' $Arguments['registryValue']
    if ($before -ne $Arguments['registryValue']) { $changed += 'registryValue' }
}
# The cmdlet tells the running server; from the registry it reads the switch at start-up only.
[pscustomobject]@{ changed = $changed; restartNeeded = -not $byCmdlet -and $changed.Count -gt 0 }
