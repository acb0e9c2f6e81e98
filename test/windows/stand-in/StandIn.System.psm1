# Services, events, and the programs shutdown.exe and sc.exe.
param($Windows)
. "$PSScriptRoot/errors.ps1"

# https://learn.microsoft.com/dotnet/api/system.serviceprocess.servicecontrollerstatus
enum ServiceControllerStatus {
    Stopped = 1
    StartPending = 2
    StopPending = 3
    Running = 4
    ContinuePending = 5
    PausePending = 6
    Paused = 7
}

# https://learn.microsoft.com/powershell/module/microsoft.powershell.management/get-service
function Get-Service {
    [CmdletBinding()]
    param([Parameter(Mandatory = $true)] [string] $Name)
    if (-not $Windows.services.ContainsKey($Name)) {
        $exception = [InvalidOperationException]::new("Cannot find any service with service name '$Name'.")
        Write-StandInError $PSCmdlet (New-StandInError $exception 'NoServiceFoundForGivenName' $Name)
        return
    }
    $status = [ServiceControllerStatus]$Windows.services[$Name]
    New-StandInObject 'System.ServiceProcess.ServiceController' @{ Name = $Name; Status = $status }
}

function ConvertTo-Event($Entry) {
    $style = [Globalization.DateTimeStyles]::RoundtripKind
    $time = [DateTime]::Parse($Entry.at, [Globalization.CultureInfo]::InvariantCulture, $style)
    $properties = @($Entry.values | ForEach-Object { [pscustomobject]@{ Value = $_ } })
    New-StandInObject 'System.Diagnostics.Eventing.Reader.EventLogRecord' @{
        Id           = $Entry.id
        ProviderName = $Entry.provider
        LogName      = $Entry.log
        TimeCreated  = $time.ToLocalTime()
        Properties   = $properties
    }
}

# Newest first unless -Oldest. The message of "nothing found" is German on purpose.
# https://learn.microsoft.com/powershell/module/microsoft.powershell.diagnostics/get-winevent
function Get-WinEvent {
    [CmdletBinding()]
    param([string] $LogName, [hashtable] $FilterHashtable, [int] $MaxEvents = [int]::MaxValue, [switch] $Oldest)
    $log = if ($FilterHashtable) { $FilterHashtable['LogName'] } else { $LogName }
    $found = @($Windows.events | Where-Object {
            $_ -and $_.log -eq $log -and (-not $FilterHashtable -or
                ($_.provider -eq $FilterHashtable['ProviderName'] -and $_.id -eq $FilterHashtable['Id']))
        } | ForEach-Object { ConvertTo-Event $_ })
    [Array]::Sort($found, [Comparison[object]] { param($a, $b) $a.TimeCreated.CompareTo($b.TimeCreated) })
    if (-not $Oldest) { [Array]::Reverse($found) }
    if ($found.Count -eq 0) {
        $exception = [Exception]::new('Es wurden keine Ereignisse gefunden, die den angegebenen Auswahlkriterien entsprechen.')
        Write-StandInError $PSCmdlet (New-StandInError $exception 'NoMatchingEventsFound' $null)
        return
    }
    $found[0..([Math]::Min($MaxEvents, $found.Count) - 1)]
}

# Records event 1074 with the comment, as User32 does when a shutdown is scheduled.
# https://learn.microsoft.com/windows-server/administration/windows-commands/shutdown
function shutdown.exe {
    $global:LASTEXITCODE = $Windows.shutdownExitCode
    if ($global:LASTEXITCODE -ne 0) { return "A system shutdown has failed.($global:LASTEXITCODE)" }
    if ($args -notcontains '/r' -or $args -notcontains '/t') { throw 'the stand-in knows restarts with a delay only' }
    $comment = $args[[array]::IndexOf($args, '/c') + 1]
    $Windows.events = @($Windows.events) + @{
        log      = 'System'
        provider = 'User32'
        id       = 1074
        at       = [DateTime]::UtcNow.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
        values   = @('C:\Windows\system32\shutdown.exe', $Windows.computerName, 'Betriebssystem: Neukonfiguration (Geplant)', '0x80020004', 'Neu starten', $comment, 'CORP\svc')
    }
}

# Group names and attributes as a German Windows gives them.
# https://learn.microsoft.com/windows-server/administration/windows-commands/whoami
function whoami.exe {
    $global:LASTEXITCODE = 0
    $level = if ($Windows['elevated'] -eq $false) { 'Mittlere', '8192' } else { 'Hohe', '12288' }
    '"Jeder","Bekannte Gruppe","S-1-1-0","Verbindliche Gruppe, Standardmäßig aktiviert, Aktivierte Gruppe"'
    if ($Windows['memberOfAdministrators'] -ne $false) {
        '"VORDEFINIERT\Administratoren","Alias","S-1-5-32-544","Gruppe, die nur zum Ablehnen verwendet wird"'
    }
    '"Verbindliche Beschriftung\{0} Verbindlichkeitsstufe","Bezeichnung","S-1-16-{1}",""' -f $level
}

# https://learn.microsoft.com/windows-server/administration/windows-commands/sc-config
function sc.exe {
    $verb, $service, $option, $value = $args
    $key = "HKLM:\SYSTEM\CurrentControlSet\Services\$service"
    if ($verb -ne 'config') { throw "the stand-in does not know sc $verb" }
    if (-not (Test-Path -LiteralPath $key)) { $global:LASTEXITCODE = 1060; return '[SC] OpenService FAILED 1060:' }
    switch ($option) {
        'depend=' { New-ItemProperty -LiteralPath $key -Name DependOnService -PropertyType MultiString -Value ($value -split '/') -Force | Out-Null }
        'start=' {
            $number = @{ boot = 0; system = 1; auto = 2; demand = 3; disabled = 4 }[$value]
            New-ItemProperty -LiteralPath $key -Name Start -PropertyType DWord -Value $number -Force | Out-Null
        }
        default { $global:LASTEXITCODE = 1639; return }
    }
    $global:LASTEXITCODE = 0
    '[SC] ChangeServiceConfig ERFOLG'
}

Export-ModuleMember -Function Get-Service, Get-WinEvent, shutdown.exe, whoami.exe, sc.exe
