# CimCmdlets with the classes that our scripts read.
# https://learn.microsoft.com/powershell/module/cimcmdlets/get-ciminstance
param($Windows)
. "$PSScriptRoot/errors.ps1"

# The directory path of a policy; RSOP_GPO and the settings spell its letters differently.
function Get-PolicyId([string]$Name) {
    if ($Name -eq 'Local Group Policy') { return 'LocalGPO' }
    $number = [Math]::Abs($Name.GetHashCode()) % 1000000
    "cn={00000000-0000-0000-0000-000000$('{0:d6}' -f $number)},cn=policies,cn=system,DC=corp,DC=example"
}

# https://learn.microsoft.com/previous-versions/windows/desktop/policy/rsop-gpo
function Get-Policies {
    foreach ($name in @($Windows.policies | ForEach-Object { $_.gpo }) | Where-Object { $_ }) {
        New-CimObject 'root/rsop/computer' 'RSOP_GPO' @{ id = Get-PolicyId $name; name = $name; enabled = $true }
    }
}

# Each setting also has a loser, precedence 2, that must not be taken for the winner.
function Get-PolicySettings([string]$Class, [scriptblock]$Properties) {
    $source = @{ RSOP_RegistryValue = 'security-option'; RSOP_RegistryPolicySetting = 'registry-policy' }[$Class]
    foreach ($setting in @($Windows.policies) | Where-Object { $_.source -eq $source }) {
        $winner = & $Properties $setting
        $winner['GPOID'] = (Get-PolicyId $setting.gpo).ToUpperInvariant()
        $winner['precedence'] = [uint32]1
        $loser = $winner.Clone()
        $loser['GPOID'] = 'LOCALGPO'
        $loser['precedence'] = [uint32]2
        New-CimObject 'root/rsop/computer' $Class $loser
        New-CimObject 'root/rsop/computer' $Class $winner
    }
}

# https://learn.microsoft.com/previous-versions/windows/desktop/policy/rsop-registryvalue
function Get-SecurityOptions {
    Get-PolicySettings 'RSOP_RegistryValue' {
        param($setting)
        @{
            Path   = 'MACHINE\' + ($setting.key -replace '^HKLM:\\', '') + '\' + $setting.value
            Type   = [uint32]$(if ($setting.data -is [string]) { 1 } else { 4 })
            Data   = [string]$setting.data
            Status = [uint32]1
        }
    }
}

# https://learn.microsoft.com/previous-versions/windows/desktop/policy/rsop-registrypolicysetting
function Get-RegistryPolicies {
    Get-PolicySettings 'RSOP_RegistryPolicySetting' {
        param($setting)
        $isText = $setting.data -is [string]
        @{
            registryKey = $setting.key -replace '^HKLM:\\', ''
            valueName   = $setting.value
            valueType   = [uint32]$(if ($isText) { 1 } else { 4 })
            value       = if ($isText) { [Text.Encoding]::Unicode.GetBytes($setting.data) } else { [BitConverter]::GetBytes([int]$setting.data) }
            deleted     = $false
        }
    }
}

function New-CimObject([string]$Namespace, [string]$Class, [Collections.IDictionary]$Properties) {
    New-StandInObject "Microsoft.Management.Infrastructure.CimInstance#$Namespace/$Class" $Properties
}

# https://learn.microsoft.com/windows/win32/cimwin32prov/win32-operatingsystem
function Get-OperatingSystem {
    $style = [Globalization.DateTimeStyles]::RoundtripKind
    $boot = [DateTime]::Parse($Windows.bootTime, [Globalization.CultureInfo]::InvariantCulture, $style)
    New-CimObject 'root/cimv2' 'Win32_OperatingSystem' @{
        BuildNumber    = [string]$Windows.build
        ProductType    = [uint32]$Windows.productType
        Caption        = $Windows.caption
        LastBootUpTime = $boot.ToLocalTime()
    }
}

function Get-CimInstance {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $ClassName, [string] $Namespace = 'root/cimv2')
    $place = $Namespace -replace '\\', '/'
    if ($place -eq 'root/rsop/computer' -and $null -eq $Windows.policies) {
        Write-StandInError $PSCmdlet (New-StandInError ([Exception]::new('Invalid namespace')) 'HRESULT 0x8004100e' $null)
        return
    }
    switch ("$place/$ClassName") {
        'root/cimv2/Win32_OperatingSystem' { return Get-OperatingSystem }
        'root/cimv2/Win32_ComputerSystem' {
            return New-CimObject 'root/cimv2' 'Win32_ComputerSystem' @{ Name = $Windows.computerName; Domain = $Windows.domain }
        }
        'root/rsop/computer/RSOP_GPO' { return Get-Policies }
        'root/rsop/computer/RSOP_RegistryValue' { return Get-SecurityOptions }
        'root/rsop/computer/RSOP_RegistryPolicySetting' { return Get-RegistryPolicies }
    }
    Write-StandInError $PSCmdlet (New-StandInError ([Exception]::new('Invalid class')) 'HRESULT 0x80041010' $null)
}

Export-ModuleMember -Function Get-CimInstance
