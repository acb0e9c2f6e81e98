# The state of one host in a JSON file, so that it outlives this process. Keys are looked up without regard to case.

$script:file = [Environment]::GetEnvironmentVariable('OUTSIDE_STATE')
$script:readAt = [DateTime]::MinValue

function ConvertFrom-Element($Element) {
    switch ([string]$Element.ValueKind) {
        'Object' {
            $map = [ordered]@{}
            foreach ($property in $Element.EnumerateObject()) { $map[$property.Name] = ConvertFrom-Element $property.Value }
            return $map
        }
        'Array' {
            $list = [Collections.ArrayList]::new()
            foreach ($item in $Element.EnumerateArray()) { [void]$list.Add((ConvertFrom-Element $item)) }
            return , $list
        }
        'String' { return $Element.GetString() }
        'Number' {
            $number = 0
            if ($Element.TryGetInt32([ref]$number)) { return $number }
            return $Element.GetDouble()
        }
        'True' { return $true }
        'False' { return $false }
    }
    $null
}

function ConvertTo-Text($Value) {
    if ($null -eq $Value) { return 'null' }
    if ($Value -is [bool]) { if ($Value) { return 'true' } else { return 'false' } }
    if ($Value -is [int] -or $Value -is [long]) { return [string]$Value }
    if ($Value -is [double]) { return $Value.ToString('R', [Globalization.CultureInfo]::InvariantCulture) }
    if ($Value -is [Collections.IDictionary]) {
        $parts = foreach ($key in @($Value.Keys)) { "$(ConvertTo-Text ([string]$key)):$(ConvertTo-Text $Value[$key])" }
        return '{' + ($parts -join ',') + '}'
    }
    if ($Value -is [Collections.IEnumerable] -and $Value -isnot [string]) {
        $parts = foreach ($item in $Value) { ConvertTo-Text $item }
        return '[' + ($parts -join ',') + ']'
    }
    [Text.Json.JsonSerializer]::Serialize([string]$Value, [string])
}

# For those who only look: what the file said when it was last written. Each change makes it another file.
function Read-Machine {
    $written = [IO.File]::GetLastWriteTimeUtc($script:file)
    if ($script:readAt -ne $written) {
        $script:machine = Read-Fresh
        $script:readAt = $written
    }
    $script:machine
}

function Read-Fresh {
    $document = [Text.Json.JsonDocument]::Parse([IO.File]::ReadAllText($script:file))
    ConvertFrom-Element $document.RootElement
}

# One at a time, and never half a file.
function Update-Machine([scriptblock]$Change) {
    $lock = $null
    while ($null -eq $lock) {
        try { $lock = [IO.File]::Open("$script:file.lock", 'OpenOrCreate', 'ReadWrite', 'None') }
        catch [IO.IOException] { [Threading.Thread]::Sleep(20) }
    }
    try {
        $state = Read-Fresh
        & $Change $state
        [IO.File]::WriteAllText("$script:file.draft", (ConvertTo-Text $state))
        [IO.File]::Move("$script:file.draft", $script:file, $true)
    }
    finally { $lock.Dispose() }
}

function Add-Trace([string]$Event, [string]$What, $Value) {
    $at = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
    $name = [Environment]::GetEnvironmentVariable('OUTSIDE_HOST')
    $line = ConvertTo-Text ([ordered]@{ at = $at; host = $name; event = $Event; what = $What; value = [string]$Value })
    [IO.File]::AppendAllText([Environment]::GetEnvironmentVariable('OUTSIDE_LOG'), "$line`n")
}

# As a compiled cmdlet raises a non-terminating error: the caller's preference decides.
function Write-AsCmdlet($Cmdlet, [Exception]$Exception, [string]$Id, [string]$Category, $Target) {
    $record = [Management.Automation.ErrorRecord]::new($Exception, $Id, $Category, $Target)
    $isGiven = $Cmdlet.MyInvocation.BoundParameters.ContainsKey('ErrorAction')
    $preference = [string]$Cmdlet.SessionState.PSVariable.GetValue('ErrorActionPreference')
    if (-not $isGiven -and $preference -eq 'Stop') { $Cmdlet.ThrowTerminatingError($record) }
    if ($isGiven -or $preference -eq 'Continue') { $Cmdlet.WriteError($record) }
}

# As a CDXML function raises it: it sees the global preference only.
function Write-AsCdxml($Cmdlet, [string]$Message, [string]$Id) {
    $exception = [Exception]::new($Message)
    $Cmdlet.WriteError([Management.Automation.ErrorRecord]::new($exception, $Id, 'PermissionDenied', $null))
}

function New-Instance([string]$Type, $Properties) {
    $object = [pscustomobject]$Properties
    $object.PSObject.TypeNames.Insert(0, $Type)
    $object
}

function ConvertTo-LocalTime([string]$Text) {
    $style = [Globalization.DateTimeStyles]::RoundtripKind
    [DateTime]::Parse($Text, [Globalization.CultureInfo]::InvariantCulture, $style).ToLocalTime()
}
