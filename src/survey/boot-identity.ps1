# Which start of the machine this is (model/facts.ts, BootIdentity). Included by scripts of survey/ and engine/.

function ConvertTo-UtcText([DateTime]$Time) {
    $Time.ToUniversalTime().ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
}

function Get-BootTime {
    ConvertTo-UtcText (Get-CimInstance -ClassName Win32_OperatingSystem).LastBootUpTime
}

# The Memory Manager counts starts here, unless prefetching is off.
function Get-BootId {
    $key = 'HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters'
    if (-not (Test-Path -LiteralPath $key)) { return $null }
    $property = (Get-ItemProperty -LiteralPath $key).PSObject.Properties['BootId']
    if ($null -ne $property) { $property.Value }
}
