# SmbShare: functions over CIM classes (CDXML). https://learn.microsoft.com/powershell/module/smbshare/

$script:serverKey = 'HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters'
$script:clientKey = 'HKLM:\SYSTEM\CurrentControlSet\Services\LanmanWorkstation\Parameters'
$script:valueNames = @{ EnableSMB1Protocol = 'SMB1' }

function Get-SmbServerConfiguration {
    [CmdletBinding()] param()
    New-Instance 'Microsoft.Management.Infrastructure.CimInstance#ROOT/Microsoft/Windows/SMB/MSFT_SmbServerConfiguration' (Read-Machine)['smbServer']
}

function Get-SmbClientConfiguration {
    [CmdletBinding()] param()
    New-Instance 'Microsoft.Management.Infrastructure.CimInstance#ROOT/Microsoft/Windows/SMB/MSFT_SmbClientConfiguration' (Read-Machine)['smbClient']
}

function Set-Configuration($Cmdlet, [string]$Side, [string]$Key, $Bound) {
    $isForced = $Bound.ContainsKey('Force') -or ($Bound.ContainsKey('Confirm') -and -not $Bound['Confirm'])
    # Nobody is there to answer.
    if (-not $isForced) { throw [Management.Automation.PSInvalidOperationException]::new('The host cannot ask for confirmation.') }
    $denied = (Read-Machine)['deny']
    if ($denied -contains $Cmdlet.MyInvocation.MyCommand.Name) {
        Write-AsCdxml $Cmdlet 'Zugriff verweigert ' "Windows System Error 5,$($Cmdlet.MyInvocation.MyCommand.Name)"
        return
    }
    Update-Machine {
        param($state)
        foreach ($name in @($Bound.Keys)) {
            if (-not $state[$Side].Contains($name)) { continue }
            $state[$Side][$name] = [bool]$Bound[$name]
            $value = if ($script:valueNames.ContainsKey($name)) { $script:valueNames[$name] } else { $name }
            $state['registry'][$Key][$value] = [int][bool]$Bound[$name]
            Add-Trace 'write' "$Side $name" $Bound[$name]
        }
    }
}

function Set-SmbServerConfiguration {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    param([bool]$EnableSMB1Protocol, [bool]$EnableSMB2Protocol, [bool]$AuditSmb1Access, [bool]$RequireSecuritySignature, [bool]$EnableSecuritySignature, [bool]$EncryptData, [switch]$Force)
    Set-Configuration $PSCmdlet 'smbServer' $script:serverKey $PSBoundParameters
}

function Set-SmbClientConfiguration {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    param([bool]$RequireSecuritySignature, [bool]$EnableSecuritySignature, [switch]$Force)
    Set-Configuration $PSCmdlet 'smbClient' $script:clientKey $PSBoundParameters
}
