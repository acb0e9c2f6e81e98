# https://learn.microsoft.com/powershell/module/dism/get-windowsoptionalfeature
# https://learn.microsoft.com/powershell/module/dism/disable-windowsoptionalfeature
param($Windows)
. "$PSScriptRoot/errors.ps1"

# Microsoft.Dism.Commands.FeatureState, numbered as DISM numbers it.
enum FeatureState {
    Disabled = 0
    DisablePending = 1
    Enabled = 2
    EnablePending = 3
    Superseded = 4
    PartiallyInstalled = 5
    DisabledWithPayloadRemoved = 6
}

$features = $Windows.features
$on = 'Enabled', 'EnablePending'

# Newer Windows gives nothing for an unknown name; Server 2012 throws.
function Test-Known($Cmdlet, [string]$Name) {
    if ($features.ContainsKey($Name)) { return $true }
    if ($Windows.build -lt 9600 -or $Cmdlet.MyInvocation.MyCommand.Name -notlike 'Get-*') {
        $exception = [Runtime.InteropServices.COMException]::new("Feature name $Name is unknown.", 0x800f080c)
        Write-StandInError $Cmdlet (New-StandInError $exception 'Microsoft.Dism.Commands' $Name)
    }
    $false
}

function Get-Children([string]$Name) {
    $features.Keys | Where-Object { $_ -like "$Name-*" }
}

# Differs, perhaps: a pending change that is taken back is gone at once.
function Set-Wanted([string]$Name, [bool]$Wanted) {
    $features[$Name] = switch ($features[$Name]) {
        'Enabled' { if ($Wanted) { $_ } else { 'DisablePending' } }
        'EnablePending' { if ($Wanted) { $_ } else { 'Disabled' } }
        'DisablePending' { if ($Wanted) { 'Enabled' } else { $_ } }
        default { if ($Wanted) { 'EnablePending' } else { $_ } }
    }
}

function Get-WindowsOptionalFeature {
    [CmdletBinding()]
    param([switch] $Online, [string] $FeatureName)
    if (-not (Test-Known $PSCmdlet $FeatureName)) { return }
    New-StandInObject 'Microsoft.Dism.Commands.AdvancedFeatureObject' @{
        FeatureName = $FeatureName
        State       = [FeatureState]$features[$FeatureName]
    }
}

# Without -NoRestart the cmdlet asks, and restarts.
function Test-NoRestart($Cmdlet) {
    if ($Cmdlet.MyInvocation.BoundParameters.ContainsKey('NoRestart')) { return }
    throw 'the stand-in cannot restart'
}

# Children go with their parent.
function Disable-WindowsOptionalFeature {
    [CmdletBinding()]
    param([switch] $Online, [string] $FeatureName, [switch] $NoRestart, [switch] $Remove)
    Test-NoRestart $PSCmdlet
    if (-not (Test-Known $PSCmdlet $FeatureName)) { return }
    $names = @($FeatureName) + @(Get-Children $FeatureName) | Where-Object { $on -contains $features[$_] }
    foreach ($name in $names) { Set-Wanted $name $false }
    New-StandInObject 'Microsoft.Dism.Commands.ImageObject' @{ Online = $true; RestartNeeded = @($names).Count -gt 0 }
}

# Differs, perhaps: here every child comes along, the worst case for a rollback of only some.
function Enable-WindowsOptionalFeature {
    [CmdletBinding()]
    param([switch] $Online, [string] $FeatureName, [switch] $NoRestart, [switch] $All)
    Test-NoRestart $PSCmdlet
    if (-not (Test-Known $PSCmdlet $FeatureName)) { return }
    $names = @($FeatureName) + @(Get-Children $FeatureName) | Where-Object { $on -notcontains $features[$_] }
    foreach ($name in $names) { Set-Wanted $name $true }
    New-StandInObject 'Microsoft.Dism.Commands.ImageObject' @{ Online = $true; RestartNeeded = @($names).Count -gt 0 }
}

Export-ModuleMember -Function Get-WindowsOptionalFeature, Disable-WindowsOptionalFeature, Enable-WindowsOptionalFeature
