# Finds the group policy that sets a registry value, in the record of the last policy run (RSoP).
# https://learn.microsoft.com/previous-versions/windows/desktop/Policy/rsop-registryvalue
# https://learn.microsoft.com/previous-versions/windows/desktop/Policy/rsop-registrypolicysetting

# Without the namespace (logging is off, or no policy ever ran) there is no answer; any other error is one.
function Read-Rsop([string]$Class) {
    $missing = 'HRESULT 0x8004100e', 'HRESULT 0x80041010'
    try { Get-CimInstance -Namespace 'root\rsop\computer' -ClassName $Class }
    catch {
        if ($missing -notcontains ($_.FullyQualifiedErrorId -split ',')[0]) { throw }
        'unsupported'
    }
}

# Policies write numbers as text (security options) or as little-endian bytes (registry.pol).
function ConvertFrom-PolicyData($Data) {
    if ($Data -is [array] -and $Data.Count -eq 4) { return [BitConverter]::ToInt32([byte[]]$Data, 0) }
    $number = 0
    if ([int]::TryParse([string]$Data, [ref]$number)) { return $number }
    [string]$Data
}

function Get-PolicyName([string]$Id) {
    $policy = @(Read-Rsop 'RSOP_GPO') | Where-Object { $_ -isnot [string] -and $_.id -eq $Id } | Select-Object -First 1
    if ($null -eq $policy) { return $Id }
    $policy.name
}

# Emits a hashtable: Name (of the policy) and Value, each 'absent' or 'unsupported' where there is none.
# Security options are applied after registry.pol, so they win.
function Read-Policy([string]$Key, [string]$Value) {
    $path = $Key -replace '^HKLM:\\', ''
    $options = @(Read-Rsop 'RSOP_RegistryValue')
    $settings = @(Read-Rsop 'RSOP_RegistryPolicySetting')
    if ($options -contains 'unsupported' -and $settings -contains 'unsupported') {
        return @{ Name = 'unsupported'; Value = 'unsupported' }
    }
    $winner = $options | Where-Object { $_ -isnot [string] -and $_.precedence -eq 1 -and $_.Path -eq "MACHINE\$path\$Value" } |
        Select-Object -First 1
    if ($null -ne $winner) {
        return @{ Name = Get-PolicyName $winner.GPOID; Value = ConvertFrom-PolicyData $winner.Data }
    }
    $winner = $settings | Where-Object {
        $_ -isnot [string] -and $_.precedence -eq 1 -and -not $_.deleted -and
        $_.registryKey -eq $path -and $_.valueName -eq $Value
    } | Select-Object -First 1
    if ($null -ne $winner) {
        return @{ Name = Get-PolicyName $winner.GPOID; Value = ConvertFrom-PolicyData $winner.value }
    }
    @{ Name = 'absent'; Value = 'absent' }
}
