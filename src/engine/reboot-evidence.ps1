# include: survey/boot-identity
# Arguments: Nonce and, where it is known, Since (UTC): without it a log that wrapped cannot be told from silence.
# Emits { bootTime, bootId, hostTime, requested: yes | no | unknown, requestedAt }.

# "No events" is an error with a localised message, so its identifier decides.
function Find-Events([hashtable]$Query) {
    try { Get-WinEvent @Query }
    catch { if (($_.FullyQualifiedErrorId -split ',')[0] -ne 'NoMatchingEventsFound') { throw } }
}

# The data of the event, never its rendered text: User32 puts the comment of the request there.
function Find-Request([string]$Nonce) {
    $query = @{ FilterHashtable = @{ LogName = 'System'; ProviderName = 'User32'; Id = 1074 }; MaxEvents = 200 }
    Find-Events $query | Where-Object {
        @($_.Properties | Where-Object { ([string]$_.Value).Contains($Nonce) }).Count -gt 0
    } | Select-Object -First 1
}

# Silence proves something only where the log reaches back to before the request.
function Test-LogReaches([string]$Since) {
    $oldest = Find-Events @{ LogName = 'System'; MaxEvents = 1; Oldest = $true }
    if ($null -eq $oldest) { return $false }
    $limit = [DateTime]::Parse($Since, [Globalization.CultureInfo]::InvariantCulture, [Globalization.DateTimeStyles]::RoundtripKind)
    $oldest.TimeCreated.ToUniversalTime() -le $limit
}

$requested = 'unknown'
$requestedAt = $null
$event1074 = Find-Request $Arguments['Nonce']
if ($null -ne $event1074) {
    $requested = 'yes'
    $requestedAt = ConvertTo-UtcText $event1074.TimeCreated
}
elseif ($null -ne $Arguments['Since'] -and (Test-LogReaches $Arguments['Since'])) { $requested = 'no' }
[pscustomobject]@{
    bootTime    = Get-BootTime
    bootId      = Get-BootId
    hostTime    = ConvertTo-UtcText ([DateTime]::UtcNow)
    requested   = $requested
    requestedAt = $requestedAt
}
