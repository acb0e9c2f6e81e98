# The registry provider for HKLM:\ paths: keys are objects of the state, values their entries.
# https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_registry_provider
param($Windows)
. "$PSScriptRoot/errors.ps1"

$registry = $Windows.registry

function Find-Key([string]$Path) {
    foreach ($key in $registry.Keys) { if ($key -eq $Path.TrimEnd('\')) { return $key } }
}

function New-PathError([string]$Path) {
    $exception = [Management.Automation.ItemNotFoundException]::new("Cannot find path '$Path' because it does not exist.")
    New-StandInError $exception 'PathNotFound' $Path
}

function New-PropertyError([string]$Name, [string]$Path) {
    $exception = [Management.Automation.PSArgumentException]::new("Property $Name does not exist at path $Path.")
    New-StandInError $exception 'System.Management.Automation.PSArgumentException' $Name
}

# https://learn.microsoft.com/powershell/module/microsoft.powershell.management/test-path
function Test-Path {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $LiteralPath)
    $path = $LiteralPath.TrimEnd('\')
    foreach ($key in $registry.Keys) {
        if ($key -eq $path -or $key.StartsWith("$path\", 'OrdinalIgnoreCase')) { return $true }
    }
    $false
}

# https://learn.microsoft.com/powershell/module/microsoft.powershell.management/get-itemproperty
function Get-ItemProperty {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $LiteralPath, [string] $Name)
    if (-not (Test-Path -LiteralPath $LiteralPath)) {
        Write-StandInError $PSCmdlet (New-PathError $LiteralPath)
        return
    }
    $key = Find-Key $LiteralPath
    $values = if ($null -eq $key) { @{} } else { $registry[$key] }
    if ($Name -and -not $values.ContainsKey($Name)) {
        Write-StandInError $PSCmdlet (New-PropertyError $Name $LiteralPath)
        return
    }
    $properties = [ordered]@{}
    foreach ($value in $values.Keys) {
        if (-not $Name -or $value -eq $Name) { $properties[$value] = $values[$value] }
    }
    # REG_MULTI_SZ comes as string[].
    foreach ($value in @($properties.Keys)) {
        if ($properties[$value] -is [array]) { $properties[$value] = [string[]]$properties[$value] }
    }
    # A key without values gives nothing at all.
    if ($properties.Count -eq 0) { return }
    $properties['PSPath'] = "Microsoft.PowerShell.Core\Registry::$LiteralPath"
    $properties['PSProvider'] = 'Microsoft.PowerShell.Core\Registry'
    New-StandInObject 'System.Management.Automation.PSCustomObject' $properties
}

# https://learn.microsoft.com/powershell/module/microsoft.powershell.management/new-itemproperty
function New-ItemProperty {
    [CmdletBinding()]
    param(
        [Parameter(Mandatory = $true)] [string] $LiteralPath,
        [Parameter(Mandatory = $true)] [string] $Name,
        $Value,
        [ValidateSet('String', 'ExpandString', 'Binary', 'DWord', 'MultiString', 'QWord')] [string] $PropertyType = 'String',
        [switch] $Force
    )
    if (-not (Test-Path -LiteralPath $LiteralPath)) {
        Write-StandInError $PSCmdlet (New-PathError $LiteralPath)
        return
    }
    $key = Find-Key $LiteralPath
    if ($null -eq $key) { $key = $LiteralPath; $registry[$key] = @{} }
    if ($registry[$key].ContainsKey($Name) -and -not $Force) {
        $exception = [IO.IOException]::new('The property already exists.')
        Write-StandInError $PSCmdlet (New-StandInError $exception 'System.IO.IOException' $LiteralPath)
        return
    }
    $registry[$key][$Name] = switch ($PropertyType) {
        'DWord' { [int]$Value }
        'MultiString' { , [string[]]$Value }
        default { $Value }
    }
    Get-ItemProperty -LiteralPath $LiteralPath -Name $Name
}

# https://learn.microsoft.com/powershell/module/microsoft.powershell.management/remove-itemproperty
function Remove-ItemProperty {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $LiteralPath, [Parameter(Mandatory = $true)] [string] $Name)
    $key = Find-Key $LiteralPath
    if ($null -eq $key -or -not $registry[$key].ContainsKey($Name)) {
        Write-StandInError $PSCmdlet (New-PropertyError $Name $LiteralPath)
        return
    }
    $registry[$key].Remove($Name)
}

Export-ModuleMember -Function Test-Path, Get-ItemProperty, New-ItemProperty, Remove-ItemProperty
