# Reads the sources of state fields (control/declaration.ts). Included by the get.ps1 and set.ps1 of controls.

function Test-Command([string]$Name) {
    $null -ne (Get-Command -Name $Name -ErrorAction SilentlyContinue)
}

# A property that this Windows does not have is 'unsupported', never false.
function Read-Property($Object, [string]$Name) {
    $property = $Object.PSObject.Properties[$Name]
    if ($null -eq $property) { return 'unsupported' }
    if ($null -eq $property.Value) { return 'absent' }
    $property.Value
}

function Read-SmbServer([string]$Property) {
    if (-not (Test-Command 'Get-SmbServerConfiguration')) { return 'unsupported' }
    Read-Property (Get-SmbServerConfiguration) $Property
}

function Read-SmbClient([string]$Property) {
    if (-not (Test-Command 'Get-SmbClientConfiguration')) { return 'unsupported' }
    Read-Property (Get-SmbClientConfiguration) $Property
}

# A missing value is a state of its own: on newer Windows it means another default than 0.
function Read-Registry([string]$Key, [string]$Name) {
    if (-not (Test-Path -LiteralPath $Key)) { return 'absent' }
    $property = (Get-ItemProperty -LiteralPath $Key).PSObject.Properties[$Name]
    if ($null -eq $property) { return 'absent' }
    $property.Value
}

# New-ItemProperty -Force sets the type as well, whether the value exists or not.
function Write-RegistryNumber([string]$Key, [string]$Name, $Value) {
    if ($Value -isnot [string]) {
        New-ItemProperty -LiteralPath $Key -Name $Name -Value $Value -PropertyType DWord -Force | Out-Null
    }
    elseif ($Value -ne 'absent') { throw 'CountersignUnknownValue' }
    elseif ((Read-Registry $Key $Name) -isnot [string]) { Remove-ItemProperty -LiteralPath $Key -Name $Name }
}
