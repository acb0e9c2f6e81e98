# Dism and ServerManager. https://learn.microsoft.com/powershell/module/dism/ and …/servermanager/

enum FeatureState { Disabled; DisablePending; Enabled; EnablePending; Superseded; PartiallyInstalled; DisabledWithPayloadRemoved }
enum InstallState { Available; InstallPending; Installed; UninstallPending; Removed }
enum RestartState { Maybe; No; Yes }
enum FeatureOperationExitCode { Success = 0; NoChangeNeeded = 1003; SuccessRestartRequired = 3010 }

$script:pendingKey = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending'

function Find-Feature($Cmdlet, [string]$Name) {
    $state = Read-Machine
    foreach ($known in @($state['optionalFeatures'].Keys)) { if ($known -eq $Name) { return $state['optionalFeatures'][$known] } }
    if ($state['unknownFeature'] -eq 'throws') {
        $exception = [Runtime.InteropServices.COMException]::new('Der Featurename ist unbekannt.', 0x800f080c)
        $record = [Management.Automation.ErrorRecord]::new($exception, 'Microsoft.Dism.Commands.GetWindowsOptionalFeatureCommand', 'NotSpecified', $null)
        $Cmdlet.ThrowTerminatingError($record)
    }
}

function Get-WindowsOptionalFeature {
    [CmdletBinding()]
    param([switch]$Online, [string]$FeatureName)
    if (-not $Online) { throw [ArgumentException]::new('Online or Path') }
    $found = Find-Feature $PSCmdlet $FeatureName
    if ($null -eq $found) { return }
    New-Instance 'Microsoft.Dism.Commands.AdvancedFeatureObject' ([ordered]@{
            FeatureName     = $FeatureName
            DisplayName     = "Unterst$([char]0xfc)tzung f$([char]0xfc)r die SMB 1.0/CIFS-Dateifreigabe"
            Description     = ''
            State           = [FeatureState]$found
            RestartRequired = 'Possible'
            Online          = $true
        })
}

function Switch-Feature($Cmdlet, [string]$Name, [bool]$On) {
    if ((Read-Machine)['deny'] -contains $Cmdlet.MyInvocation.MyCommand.Name) {
        $exception = [Runtime.InteropServices.COMException]::new('Der angeforderte Vorgang erfordert erh' + [char]0xf6 + 'hte Rechte.', 0x800702e4)
        Write-AsCmdlet $Cmdlet $exception "Microsoft.Dism.Commands.$($Cmdlet.MyInvocation.MyCommand.Name)" 'NotSpecified' $null
        return $null
    }
    $off = 'Disabled', 'DisablePending', 'DisabledWithPayloadRemoved'
    Update-Machine {
        param($state)
        $features = $state['optionalFeatures']
        $names = @($Name)
        if ($Name -eq 'SMB1Protocol') { $names += @($features.Keys | Where-Object { $_ -like 'SMB1Protocol-*' }) }
        $changed = $false
        foreach ($one in $names) {
            if (($off -notcontains $features[$one]) -eq $On) { continue }
            $features[$one] = if ($On) { 'EnablePending' } else { 'DisablePending' }
            $changed = $true
            Add-Trace 'write' "feature $one" $features[$one]
        }
        if (-not $changed) { return }
        $state['registry'][$script:pendingKey] = [ordered]@{}
        $roles = $state['windowsFeatures']
        if ($Name -eq 'SMB1Protocol' -and $null -ne $roles -and $roles.Contains('FS-SMB1')) {
            $roles['FS-SMB1'] = if ($On) { 'InstallPending' } else { 'UninstallPending' }
        }
    }
    $Cmdlet.WriteWarning('Der Neustart wird unterdr' + [char]0xfc + 'ckt, da NoRestart angegeben wurde.')
    New-Instance 'Microsoft.Dism.Commands.ImageObject' ([ordered]@{ Path = ''; Online = $true; RestartNeeded = $true })
}

function Disable-WindowsOptionalFeature {
    [CmdletBinding()]
    param([switch]$Online, [Parameter(Mandatory)] [string[]]$FeatureName, [switch]$NoRestart, [switch]$Remove)
    if (-not $NoRestart) { throw [Management.Automation.PSInvalidOperationException]::new('The host cannot ask whether to restart.') }
    Switch-Feature $PSCmdlet $FeatureName[0] $false
}

function Enable-WindowsOptionalFeature {
    [CmdletBinding()]
    param([switch]$Online, [Parameter(Mandatory)] [string[]]$FeatureName, [switch]$NoRestart, [switch]$All)
    if (-not $NoRestart) { throw [Management.Automation.PSInvalidOperationException]::new('The host cannot ask whether to restart.') }
    Switch-Feature $PSCmdlet $FeatureName[0] $true
}

function Get-WindowsFeature {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string[]]$Name)
    $state = Read-Machine
    if ($state['productType'] -eq 1) { throw [NotSupportedException]::new('Das Ziel ist ein Clientbetriebssystem.') }
    foreach ($one in $Name) {
        if (-not $state['windowsFeatures'].Contains($one)) { continue }
        $found = [InstallState]$state['windowsFeatures'][$one]
        New-Instance 'Microsoft.Windows.ServerManager.Commands.Feature' ([ordered]@{
                Name = $one; DisplayName = 'SMB 1.0/CIFS'; Installed = $found -eq 'Installed'; InstallState = $found; FeatureType = 'Feature'
            })
    }
}

function Uninstall-WindowsFeature {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    param([Parameter(Mandatory, Position = 0)] [string[]]$Name, [switch]$Restart, [switch]$Remove)
    $state = Read-Machine
    $isOn = 'Installed', 'InstallPending' -contains $state['windowsFeatures'][$Name[0]]
    if ($isOn) { Switch-Feature $PSCmdlet 'SMB1Protocol' $false | Out-Null }
    New-Instance 'Microsoft.Windows.ServerManager.Commands.FeatureOperationResult' ([ordered]@{
            Success       = $true
            RestartNeeded = if ($isOn) { [RestartState]'Yes' } else { [RestartState]'No' }
            FeatureResult = @()
            ExitCode      = if ($isOn) { [FeatureOperationExitCode]'SuccessRestartRequired' } else { [FeatureOperationExitCode]'NoChangeNeeded' }
        })
}
