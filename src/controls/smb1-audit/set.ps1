# include: control/read-state
# Arguments: enabled.
$changed = @()
if ((Read-SmbServer 'AuditSmb1Access') -ne $Arguments['enabled']) {
    Set-SmbServerConfiguration -AuditSmb1Access $Arguments['enabled'] -Force | Out-Null
    $changed += 'enabled'
}
[pscustomobject]@{ changed = $changed; restartNeeded = $false }
