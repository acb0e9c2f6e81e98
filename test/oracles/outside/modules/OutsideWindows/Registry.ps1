# The registry provider over the state. Numbers are REG_DWORD (Int32), lists REG_MULTI_SZ, texts REG_SZ.

function Find-Key($State, [string]$Path) {
    $wanted = $Path.TrimEnd('\')
    foreach ($key in @($State['registry'].Keys)) { if ($key -eq $wanted) { return $key } }
    # A key exists where something lies below it.
    foreach ($key in @($State['registry'].Keys)) {
        if ($key.StartsWith("$wanted\", [StringComparison]::OrdinalIgnoreCase)) { return '' }
    }
    $null
}

function Write-PathNotFound($Cmdlet, [string]$Path, [string]$Command) {
    $message = "Der Pfad `"$Path`" kann nicht gefunden werden, da er nicht vorhanden ist."
    $exception = [Management.Automation.ItemNotFoundException]::new($message)
    Write-AsCmdlet $Cmdlet $exception "PathNotFound,Microsoft.PowerShell.Commands.$Command" 'ObjectNotFound' $Path
}

function Test-Path {
    [CmdletBinding()] [OutputType([bool])]
    param([Parameter(Position = 0)] [string]$Path, [string]$LiteralPath)
    $key = Find-Key (Read-Machine) ($LiteralPath + $Path)
    $null -ne $key
}

function ConvertTo-RegistryValue($Value) {
    if ($Value -is [Collections.ArrayList]) { return , [string[]]$Value }
    $Value
}

function Get-ItemProperty {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string]$Path, [string]$LiteralPath, [Parameter(Position = 1)] [string[]]$Name)
    $where = $LiteralPath + $Path
    $state = Read-Machine
    $key = Find-Key $state $where
    if ($null -eq $key) { Write-PathNotFound $PSCmdlet $where 'GetItemPropertyCommand'; return }
    $values = if ($key -eq '') { [ordered]@{} } else { $state['registry'][$key] }
    $properties = [ordered]@{}
    foreach ($valueName in @($values.Keys)) {
        if ($null -eq $Name -or $Name -contains $valueName) { $properties[$valueName] = ConvertTo-RegistryValue $values[$valueName] }
    }
    foreach ($wanted in @($Name)) {
        if ($null -eq $wanted -or $properties.Contains($wanted)) { continue }
        $exception = [Management.Automation.PSArgumentException]::new("Die Eigenschaft `"$wanted`" ist nicht vorhanden.")
        Write-AsCmdlet $PSCmdlet $exception 'System.Management.Automation.PSArgumentException,Microsoft.PowerShell.Commands.GetItemPropertyCommand' 'InvalidArgument' $where
    }
    # RegistryProvider.GetProperty writes no object for a key without values.
    if ($properties.Count -eq 0) { return }
    $properties['PSPath'] = "Microsoft.PowerShell.Core\Registry::HKEY_LOCAL_MACHINE\$($where.Substring(6))"
    $properties['PSParentPath'] = 'Microsoft.PowerShell.Core\Registry::HKEY_LOCAL_MACHINE'
    $properties['PSChildName'] = $where.Substring($where.LastIndexOf('\') + 1)
    [pscustomobject]$properties
}

function Set-RegistryValue([string]$Path, [string]$Name, $Value) {
    Update-Machine {
        param($state)
        $key = Find-Key $state $Path
        if ($key -eq '') { $key = $Path; $state['registry'][$key] = [ordered]@{} }
        $state['registry'][$key][$Name] = $Value
        Add-Trace 'write' "$Path $Name" $Value
    }
}

function New-ItemProperty {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Position = 0)] [string]$Path, [string]$LiteralPath, [Parameter(Mandatory)] [string]$Name, $Value, [string]$PropertyType = 'String', [switch]$Force)
    $where = $LiteralPath + $Path
    $state = Read-Machine
    $key = Find-Key $state $where
    if ($null -eq $key) { Write-PathNotFound $PSCmdlet $where 'NewItemPropertyCommand'; return }
    if (-not $Force -and $key -ne '' -and $state['registry'][$key].Contains($Name)) {
        $exception = [IO.IOException]::new('Die Eigenschaft ist bereits vorhanden.')
        Write-AsCmdlet $PSCmdlet $exception 'System.IO.IOException,Microsoft.PowerShell.Commands.NewItemPropertyCommand' 'WriteError' $where
        return
    }
    $typed = if ($PropertyType -eq 'DWord') { [int]$Value } elseif ($PropertyType -eq 'MultiString') { [string[]]$Value } else { [string]$Value }
    Set-RegistryValue $where $Name $typed
    Get-ItemProperty -LiteralPath $where -Name $Name
}

function Set-ItemProperty {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Position = 0)] [string]$Path, [string]$LiteralPath, [Parameter(Mandatory, Position = 1)] [string]$Name, [Parameter(Position = 2)] $Value, [string]$Type)
    $where = $LiteralPath + $Path
    if ($null -eq (Find-Key (Read-Machine) $where)) { Write-PathNotFound $PSCmdlet $where 'SetItemPropertyCommand'; return }
    Set-RegistryValue $where $Name $Value
}

function Remove-ItemProperty {
    [CmdletBinding(SupportsShouldProcess)]
    param([Parameter(Position = 0)] [string]$Path, [string]$LiteralPath, [Parameter(Mandatory, Position = 1)] [string]$Name, [switch]$Force)
    $where = $LiteralPath + $Path
    $state = Read-Machine
    $key = Find-Key $state $where
    if ($null -eq $key) { Write-PathNotFound $PSCmdlet $where 'RemoveItemPropertyCommand'; return }
    if ($key -eq '' -or -not $state['registry'][$key].Contains($Name)) {
        $exception = [Management.Automation.PSArgumentException]::new("Die Eigenschaft `"$Name`" ist nicht vorhanden.")
        Write-AsCmdlet $PSCmdlet $exception 'System.Management.Automation.PSArgumentException,Microsoft.PowerShell.Commands.RemoveItemPropertyCommand' 'InvalidArgument' $where
        return
    }
    Update-Machine { param($state) $state['registry'][$key].Remove($Name); Add-Trace 'write' "$where $Name" 'removed' }
}
