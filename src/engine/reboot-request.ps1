# include: survey/boot-identity
# Arguments: Nonce, Comment, DelaySeconds, BootTime and, where it is known, BootId: the start that must still be running.
# Emits { accepted, exitCode, reason, bootTime, bootId }. Never cancels a shutdown, ours or anybody's.

$reasons = @{
    0    = 'accepted'
    5    = 'access-denied'
    1115 = 'shutdown-in-progress'
    1190 = 'shutdown-already-scheduled'
    1191 = 'users-logged-on'
}

# In a remote session what a program writes to its error stream becomes error records; 'Stop' would throw on the first.
# 2:4 is "operating system, reconfiguration"; p says that it was planned.
function Start-Reboot([int]$DelaySeconds, [string]$Comment) {
    $ErrorActionPreference = 'Continue'
    shutdown.exe /r /t $DelaySeconds /d p:2:4 /c $Comment 2>&1 | Out-Null
    $LASTEXITCODE
}

# Clocks may be set between two readings, so a time alone may wrongly differ; refusing is the safe side.
function Test-SameBoot([string]$Time, $Id) {
    $style = [Globalization.DateTimeStyles]::RoundtripKind
    $given = [DateTime]::Parse($Arguments['BootTime'], [Globalization.CultureInfo]::InvariantCulture, $style)
    $found = [DateTime]::Parse($Time, [Globalization.CultureInfo]::InvariantCulture, $style)
    if ([Math]::Abs(($found - $given).TotalSeconds) -gt 2) { return $false }
    $null -eq $Arguments['BootId'] -or $null -eq $Id -or $Arguments['BootId'] -eq $Id
}

$bootTime = Get-BootTime
$bootId = Get-BootId
$exitCode = $null
$reason = 'already-rebooted'
if (Test-SameBoot $bootTime $bootId) {
    # Quotes inside an argument do not survive the way to a program on Windows PowerShell.
    $comment = "$($Arguments['Comment']) $($Arguments['Nonce'])" -replace '"', "'"
    $exitCode = Start-Reboot $Arguments['DelaySeconds'] $comment
    $reason = $reasons[$exitCode]
    if ($null -eq $reason) { $reason = 'refused' }
}
[pscustomobject]@{
    accepted = $reason -eq 'accepted'
    exitCode = $exitCode
    reason   = $reason
    bootTime = $bootTime
    bootId   = $bootId
}
