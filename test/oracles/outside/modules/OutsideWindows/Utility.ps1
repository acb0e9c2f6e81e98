# What Microsoft.PowerShell.Utility brings, for an engine without it.

function Select-Object {
    [CmdletBinding()]
    param([Parameter(ValueFromPipeline)] $InputObject, [Parameter(Position = 0)] [string[]]$Property, [string]$ExpandProperty, [int]$First = -1)
    begin { $count = 0 }
    process {
        if ($First -ge 0 -and $count -ge $First) { return }
        $count++
        if ($ExpandProperty -ne '') { $InputObject.$ExpandProperty }
        elseif ($null -ne $Property) {
            $picked = [ordered]@{}
            foreach ($name in $Property) { $picked[$name] = $InputObject.$name }
            [pscustomobject]$picked
        }
        else { $InputObject }
    }
}

function Sort-Object {
    [CmdletBinding()]
    param([Parameter(ValueFromPipeline)] $InputObject, [switch]$Unique)
    begin { $all = [Collections.Generic.List[string]]::new() }
    process { $all.Add([string]$InputObject) }
    end {
        $all.Sort([StringComparer]::InvariantCultureIgnoreCase)
        $last = $null
        foreach ($one in $all) { if (-not $Unique -or $one -ne $last) { $one }; $last = $one }
    }
}

function Start-Sleep {
    [CmdletBinding()] param([Parameter(Position = 0)] [double]$Seconds, [int]$Milliseconds)
    [Threading.Thread]::Sleep([int]($Seconds * 1000) + $Milliseconds)
}
