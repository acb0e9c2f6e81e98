# https://learn.microsoft.com/powershell/module/servermanager/get-windowsfeature
# https://learn.microsoft.com/powershell/module/servermanager/uninstall-windowsfeature
param($Windows)
. "$PSScriptRoot/errors.ps1"

# Microsoft.Windows.ServerManager.Commands.InstallState
enum InstallState {
    Available
    Installed
    Removed
    InstallPending
    UninstallPending
}
enum RestartState {
    Yes
    No
    Maybe
}

function Get-WindowsFeature {
    [CmdletBinding()]
    param([string] $Name)
    if ($Windows.productType -eq 1) {
        $exception = [NotSupportedException]::new('The target of the specified cmdlet cannot be a Windows client-based operating system.')
        $PSCmdlet.ThrowTerminatingError((New-StandInError $exception 'WindowsClientNotSupported' $null))
    }
    if (-not $Windows.windowsFeatures.ContainsKey($Name)) { return }
    New-StandInObject 'Microsoft.Windows.ServerManager.Commands.Feature' @{
        Name         = $Name
        InstallState = [InstallState]$Windows.windowsFeatures[$Name]
    }
}

# Differs, perhaps: a pending change that is taken back is gone at once.
function Set-InstallState([string]$Name, [string]$State, [string]$TakenBack, [string]$Settled) {
    $current = $Windows.windowsFeatures[$Name]
    $Windows.windowsFeatures[$Name] = if ($current -eq $TakenBack) { $Settled } else { $State }
    New-StandInObject 'Microsoft.Windows.ServerManager.Commands.FeatureOperationResult' @{
        Success       = $true
        RestartNeeded = [RestartState]::Yes
        ExitCode      = 'SuccessRestartRequired'
        FeatureResult = @()
    }
}

function Uninstall-WindowsFeature {
    [CmdletBinding()]
    param([string] $Name, [switch] $Remove, [switch] $Restart, [switch] $Confirm)
    Set-InstallState $Name 'UninstallPending' 'InstallPending' 'Available'
}

function Install-WindowsFeature {
    [CmdletBinding()]
    param([string] $Name, [switch] $Restart, [switch] $Confirm)
    Set-InstallState $Name 'InstallPending' 'UninstallPending' 'Installed'
}

Export-ModuleMember -Function Get-WindowsFeature, Uninstall-WindowsFeature, Install-WindowsFeature
