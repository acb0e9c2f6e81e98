# The cmdlets of Microsoft.PowerShell.Utility that our scripts use, where the engine comes without that module.
# https://learn.microsoft.com/powershell/module/microsoft.powershell.utility
param($Windows)

if ($null -eq (Get-Command -Name Select-Object -CommandType Cmdlet -ErrorAction SilentlyContinue)) {
    # https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/select-object
    function Select-Object {
        [CmdletBinding()]
        param([Parameter(ValueFromPipeline = $true)] $InputObject, [int] $First)
        begin { $left = $First }
        process { if ($left -gt 0) { $left--; $InputObject } }
    }

    # https://learn.microsoft.com/powershell/module/microsoft.powershell.utility/sort-object
    function Sort-Object {
        [CmdletBinding()]
        param([Parameter(ValueFromPipeline = $true)] $InputObject)
        begin { $items = [Collections.Generic.List[object]]::new() }
        process { $items.Add($InputObject) }
        end {
            $items.Sort([Comparison[object]] { param($a, $b) [string]::Compare($a, $b, $true) })
            $items
        }
    }
}
