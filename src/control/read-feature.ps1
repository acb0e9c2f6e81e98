# Reads the feature and service sources of state fields (control/declaration.ts); needs control/read-state.

# Newer Windows gives nothing for a feature it does not know; Server 2012 throws CBS_E_UNKNOWN_UPDATE.
function Read-Feature([string]$Name) {
    if (-not (Test-Command 'Get-WindowsOptionalFeature')) { return 'unsupported' }
    try { $feature = Get-WindowsOptionalFeature -Online -FeatureName $Name }
    catch {
        $exception = $_.Exception
        if ($exception -isnot [Runtime.InteropServices.COMException] -or $exception.ErrorCode -ne 0x800f080c) { throw }
        $feature = $null
    }
    if ($null -eq $feature) { return 'absent' }
    [string]$feature.State
}

# Remote administration tools bring the cmdlet to clients, where it only throws.
function Read-WindowsFeature([string]$Name) {
    $isClient = (Get-CimInstance -ClassName Win32_OperatingSystem).ProductType -eq 1
    if ($isClient -or -not (Test-Command 'Get-WindowsFeature')) { return 'unsupported' }
    $feature = Get-WindowsFeature -Name $Name
    if ($null -eq $feature) { return 'absent' }
    [string]$feature.InstallState
}

function Get-ServiceKey([string]$Service) {
    "HKLM:\SYSTEM\CurrentControlSet\Services\$Service"
}

function Read-Dependency([string]$Service, [string]$On) {
    if (-not (Test-Path -LiteralPath (Get-ServiceKey $Service))) { return 'absent' }
    @(Read-Registry (Get-ServiceKey $Service) 'DependOnService') -contains $On
}
