# The cmdlets that the pages' examples use, for an engine without Utility and Management.

function Get-Date {
    [CmdletBinding()] param([string]$Format)
    [DateTime]::Now.ToString($Format)
}

function Get-Process {
    [CmdletBinding()] param([int]$Id)
    [Diagnostics.Process]::GetProcessById($Id)
}

function Select-Object {
    [CmdletBinding()]
    param([Parameter(ValueFromPipeline)] $InputObject, [string[]]$Property, [string]$ExpandProperty, [int]$First = [int]::MaxValue)
    begin { $count = 0 }
    process {
        if ($count++ -ge $First) { return }
        if ($ExpandProperty) { return $InputObject.$ExpandProperty }
        $picked = [ordered]@{}
        foreach ($name in $Property) { $picked[$name] = $InputObject.$name }
        [pscustomobject]$picked
    }
}

function Sort-Object {
    [CmdletBinding()]
    param([Parameter(ValueFromPipeline)] $InputObject, [string]$Property, [switch]$Descending)
    begin { $all = [Collections.Generic.List[object]]::new() }
    process { $all.Add($InputObject) }
    end {
        $sorted = [Linq.Enumerable]::OrderBy($all, [Func[object, string]] { $args[0].$Property })
        $sorted = [object[]]$sorted
        if ($Descending) { [array]::Reverse($sorted) }
        $sorted
    }
}

function Start-Sleep {
    [CmdletBinding()] param([double]$Seconds, [int]$Milliseconds)
    $until = [DateTime]::UtcNow.AddMilliseconds($Seconds * 1000 + $Milliseconds)
    while ([DateTime]::UtcNow -lt $until) { [Threading.Thread]::Sleep(20) }
}

function Write-Warning {
    [CmdletBinding()] param([Parameter(Position = 0)] [string]$Message)
    $PSCmdlet.WriteWarning($Message)
}
