# A Windows made of stand-ins for the cmdlets, providers and programs that our scripts use (contract: test/windows/vocabulary.ts).
# It plays one WindowsCase (src/model/windows-case.ts) at a time. What a stand-in does otherwise than Windows is a hole in
# the proof; each one that is known is marked "Differs".

$modules = 'Utility', 'Registry', 'Cim', 'System', 'SmbShare', 'Dism', 'ServerManager', 'FailoverClusters'

# Modules that this Windows does not have are not loaded, as on Windows.
function Test-Present([string]$Module, $Windows) {
    switch ($Module) {
        'SmbShare' { return $null -ne $Windows.smbServer }
        'Dism' { return $null -ne $Windows.features }
        'ServerManager' { return $null -ne $Windows.windowsFeatures }
        'FailoverClusters' { return $null -ne $Windows.clusterNode }
    }
    $true
}

# A copy of its own, so that a script's writes do not reach the case.
function Copy-State($Value) {
    if ($Value -is [Collections.IDictionary]) {
        $copy = @{}
        foreach ($key in $Value.Keys) { $copy[[string]$key] = Copy-State $Value[$key] }
        return $copy
    }
    if ($Value -is [Collections.IList]) {
        $items = @(foreach ($item in $Value) { Copy-State $item })
        return , $items
    }
    $Value
}

function Set-StandInWindows {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [Collections.IDictionary] $Windows)
    $state = Copy-State $Windows
    foreach ($module in $modules) {
        Remove-Module -Name "StandIn.$module" -Force -ErrorAction SilentlyContinue
        if (Test-Present $module $state) {
            Import-Module -Name "$PSScriptRoot/StandIn.$module.psm1" -ArgumentList $state -Global -Force -DisableNameChecking
        }
    }
}

Export-ModuleMember -Function Set-StandInWindows
