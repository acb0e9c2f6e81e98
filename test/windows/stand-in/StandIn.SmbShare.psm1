# https://learn.microsoft.com/powershell/module/smbshare/set-smbserverconfiguration
# https://learn.microsoft.com/powershell/module/smbshare/set-smbclientconfiguration
param($Windows)
. "$PSScriptRoot/errors.ps1"

$services = 'HKLM:\SYSTEM\CurrentControlSet\Services'
$valueNames = @{ EnableSMB1Protocol = 'SMB1'; EnableSMB2Protocol = 'SMB2' }

function Get-Configuration([string]$Class, $Properties) {
    New-StandInObject "Microsoft.Management.Infrastructure.CimInstance#ROOT/Microsoft/Windows/SMB/$Class" $Properties.Clone()
}

# A setting that this Windows lacks is an unknown parameter; without -Force the cmdlet asks, and nobody answers here.
function Set-Configuration($Cmdlet, $Properties, [string]$Service) {
    $bound = $Cmdlet.MyInvocation.BoundParameters
    if (-not $bound.ContainsKey('Force') -and -not ($bound.ContainsKey('Confirm') -and -not $bound['Confirm'])) {
        $exception = [Management.Automation.PSInvalidOperationException]::new('PowerShell is in NonInteractive mode.')
        $Cmdlet.ThrowTerminatingError((New-StandInError $exception 'InvalidOperation' $null))
    }
    foreach ($name in @($bound.Keys | Where-Object { 'Force', 'Confirm', 'ErrorAction' -notcontains $_ })) {
        if (-not $Properties.ContainsKey($name)) {
            $exception = [Management.Automation.ParameterBindingException]::new("A parameter cannot be found that matches parameter name '$name'.")
            $Cmdlet.ThrowTerminatingError((New-StandInError $exception 'NamedParameterNotFound' $name))
        }
        $Properties[$name] = [bool]$bound[$name]
        $value = if ($valueNames.ContainsKey($name)) { $valueNames[$name] } else { $name }
        New-ItemProperty -LiteralPath "$services\$Service\Parameters" -Name $value -PropertyType DWord -Value ([int][bool]$bound[$name]) -Force | Out-Null
    }
}

function Get-SmbServerConfiguration {
    [CmdletBinding()] param()
    Get-Configuration 'MSFT_SmbServerConfiguration' $Windows.smbServer
}

function Set-SmbServerConfiguration {
    [CmdletBinding()]
    param([bool] $EnableSMB1Protocol, [bool] $AuditSmb1Access, [bool] $RequireSecuritySignature, [bool] $EnableSecuritySignature, [switch] $Force, [switch] $Confirm)
    Set-Configuration $PSCmdlet $Windows.smbServer 'LanmanServer'
}

function Get-SmbClientConfiguration {
    [CmdletBinding()] param()
    Get-Configuration 'MSFT_SmbClientConfiguration' $Windows.smbClient
}

function Set-SmbClientConfiguration {
    [CmdletBinding()]
    param([bool] $RequireSecuritySignature, [bool] $EnableSecuritySignature, [switch] $Force, [switch] $Confirm)
    Set-Configuration $PSCmdlet $Windows.smbClient 'LanmanWorkstation'
}

Export-ModuleMember -Function Get-SmbServerConfiguration, Set-SmbServerConfiguration, Get-SmbClientConfiguration, Set-SmbClientConfiguration
