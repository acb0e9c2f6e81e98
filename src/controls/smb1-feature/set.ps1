# include: control/read-state
# include: control/read-feature
# Arguments: feature, client, server, automaticRemoval ('Enabled' or 'Disabled'), roleFeature ('Installed' or
# 'Available'), driverDependency (true or false) together with driverStart (a number).
$names = [ordered]@{
    feature          = 'SMB1Protocol'
    client           = 'SMB1Protocol-Client'
    server           = 'SMB1Protocol-Server'
    automaticRemoval = 'SMB1Protocol-Deprecation'
}

function Read-States {
    $states = @{
        roleFeature      = Read-WindowsFeature 'FS-SMB1'
        driverStart      = Read-Registry (Get-ServiceKey 'mrxsmb10') 'Start'
        driverDependency = Read-Dependency 'LanmanWorkstation' 'MRxSmb10'
    }
    foreach ($field in $names.Keys) { $states[$field] = Read-Feature $names[$field] }
    $states
}

# What was recorded as pending comes back as pending.
function Test-On([string]$State) { 'Enabled', 'EnablePending', 'Installed', 'InstallPending' -contains $State }

function Test-Wanted([string]$Wanted) {
    if (-not (Test-On $Wanted) -and 'Disabled', 'Available' -notcontains $Wanted) { throw 'CountersignUnknownValue' }
    Test-On $Wanted
}

# Never -Remove: the payload is what a rollback needs. Emits whether Windows asks for a restart.
function Set-Feature([string]$Field, [string]$Wanted) {
    $name = $names[$Field]
    $on = Test-Wanted $Wanted
    if ((Test-On (Read-Feature $name)) -eq $on) { return $false }
    if ($on) { return (Enable-WindowsOptionalFeature -Online -FeatureName $name -NoRestart).RestartNeeded }
    (Disable-WindowsOptionalFeature -Online -FeatureName $name -NoRestart).RestartNeeded
}

function Set-RoleFeature([string]$Wanted) {
    $on = Test-Wanted $Wanted
    if ((Test-On (Read-WindowsFeature 'FS-SMB1')) -eq $on) { return $false }
    $result = if ($on) { Install-WindowsFeature -Name 'FS-SMB1' -Confirm:$false }
    else { Uninstall-WindowsFeature -Name 'FS-SMB1' -Confirm:$false }
    if (-not $result.Success) { throw "CountersignFeature$($result.ExitCode)" }
    [string]$result.RestartNeeded -ne 'No'
}

# Through the service control manager, which keeps its own copy of the registry. Its exit code is not localised.
function Set-ServiceConfiguration([string]$Service, [string]$Option, [string]$Value) {
    sc.exe config $Service $Option $Value | Out-Null
    if ($LASTEXITCODE -ne 0) { throw "CountersignScExit$LASTEXITCODE" }
}

function Set-DriverDependency([bool]$Wanted) {
    $others = @(Read-Registry (Get-ServiceKey 'LanmanWorkstation') 'DependOnService') | Where-Object { $_ -ne 'MRxSmb10' }
    if ($others -notcontains 'MRxSmb20') { throw 'CountersignUnexpectedDependencies' }
    $list = $others | ForEach-Object { if ($Wanted -and $_ -eq 'MRxSmb20') { 'MRxSmb10' }; $_ }
    Set-ServiceConfiguration 'LanmanWorkstation' 'depend=' ($list -join '/')
}

# Windows cannot start Workstation and Netlogon while they depend on a disabled driver, so the two go in this order.
function Set-Driver([int]$Start, [bool]$Dependency) {
    $words = @{ 2 = 'auto'; 3 = 'demand'; 4 = 'disabled' }
    if (-not $words.ContainsKey($Start)) { throw 'CountersignUnknownValue' }
    if ($Start -eq 4 -and $Dependency) { throw 'CountersignWouldStopWorkstation' }
    if (-not $Dependency) { Set-DriverDependency $false }
    if ($Start -eq 4 -and (Read-Dependency 'LanmanWorkstation' 'MRxSmb10')) { throw 'CountersignStillDepends' }
    Set-ServiceConfiguration 'mrxsmb10' 'start=' $words[$Start]
    if ($Dependency) { Set-DriverDependency $true }
}

$before = Read-States
$restarts = @(foreach ($field in $names.Keys) {
        if ($Arguments.ContainsKey($field)) { Set-Feature $field $Arguments[$field] }
    })
# A parent takes its children along when it comes back; those that nobody asked for go again.
foreach ($field in $names.Keys) {
    $cameAlong = -not $Arguments.ContainsKey($field) -and -not (Test-On $before[$field])
    if ($cameAlong -and (Test-On (Read-Feature $names[$field]))) { $restarts += Set-Feature $field 'Disabled' }
}
if ($Arguments.ContainsKey('roleFeature')) { $restarts += Set-RoleFeature $Arguments['roleFeature'] }
if ($Arguments.ContainsKey('driverStart')) {
    Set-Driver $Arguments['driverStart'] $Arguments['driverDependency']
}
$after = Read-States
$changed = @($Arguments.Keys | Where-Object { $before[$_] -ne $after[$_] } | Sort-Object)
[pscustomobject]@{
    changed       = $changed
    restartNeeded = $restarts -contains $true -or $changed -contains 'driverStart' -or $changed -contains 'driverDependency'
}
