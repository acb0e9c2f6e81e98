# CimCmdlets, Management, Diagnostics and the programs of system32. Everything that is text is in another language.

enum ServiceControllerStatus { Stopped = 1; StartPending; StopPending; Running; ContinuePending; PausePending; Paused }

function Get-CimInstance {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string]$ClassName, [string]$Namespace = 'root\cimv2', [string]$Filter)
    $state = Read-Machine
    if ($Namespace -ne 'root\cimv2') {
        $id = 'HRESULT 0x8004100e,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand'
        Write-AsCmdlet $PSCmdlet ([Exception]::new('Ung' + [char]0xfc + 'ltiger Namespace ')) $id 'MetadataError' "${Namespace}:$ClassName"
        return
    }
    $properties = switch ($ClassName) {
        'Win32_OperatingSystem' {
            [ordered]@{
                Caption        = $state['caption']
                BuildNumber    = [string]$state['build']
                Version        = "10.0.$($state['build'])"
                CSName         = $state['name']
                ProductType    = [uint32]$state['productType']
                LastBootUpTime = ConvertTo-LocalTime $state['bootTime']
                LocalDateTime  = [DateTime]::Now
                OSLanguage     = [uint32]1031
            }
        }
        'Win32_ComputerSystem' {
            [ordered]@{ Name = $state['name']; Domain = $state['domain']; PartOfDomain = $true; DomainRole = [uint16]$state['domainRole'] }
        }
        default {
            $id = 'HRESULT 0x80041010,Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand'
            Write-AsCmdlet $PSCmdlet ([Exception]::new('Ung' + [char]0xfc + 'ltige Klasse ')) $id 'MetadataError' "${Namespace}:$ClassName"
            return
        }
    }
    New-Instance "Microsoft.Management.Infrastructure.CimInstance#root/cimv2/$ClassName" $properties
}

function Get-Service {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [string[]]$Name)
    $state = Read-Machine
    $now = ([DateTime]::UtcNow - [DateTime]::UnixEpoch).TotalSeconds
    foreach ($one in $Name) {
        if (-not $state['services'].Contains($one)) {
            $exception = [InvalidOperationException]::new("Es wurde kein Dienst mit dem Namen `"$one`" gefunden.")
            Write-AsCmdlet $PSCmdlet $exception 'NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand' 'ObjectNotFound' $one
            continue
        }
        $status = if ($now -lt [double]$state['servicesReadyAt']) { 'StartPending' } else { $state['services'][$one] }
        New-Instance 'System.ServiceProcess.ServiceController' ([ordered]@{
                Name = $one; DisplayName = $one; Status = [ServiceControllerStatus]$status; StartType = 'Automatic'
            })
    }
}

function Get-WinEvent {
    [CmdletBinding()]
    param([Parameter(Position = 0)] [hashtable]$FilterHashtable, [string]$LogName, [long]$MaxEvents = [long]::MaxValue, [switch]$Oldest)
    $query = if ($null -ne $FilterHashtable) { $FilterHashtable } else { @{ LogName = $LogName } }
    $found = [Collections.ArrayList]::new()
    foreach ($event in (Read-Machine)['events']) {
        if ($event['log'] -ne $query['LogName']) { continue }
        if ($query.ContainsKey('ProviderName') -and $query['ProviderName'] -ne $event['provider']) { continue }
        if ($query.ContainsKey('Id') -and @($query['Id']) -notcontains $event['id']) { continue }
        if ($query.ContainsKey('StartTime') -and (ConvertTo-LocalTime $event['at']) -lt $query['StartTime']) { continue }
        [void]$found.Add($event)
    }
    if ($found.Count -eq 0) {
        $message = "Es wurden keine Ereignisse gefunden, die den angegebenen Auswahlkriterien entsprechen."
        Write-AsCmdlet $PSCmdlet ([Exception]::new($message)) 'NoMatchingEventsFound,Microsoft.PowerShell.Commands.GetWinEventCommand' 'ObjectNotFound' $null
        return
    }
    if (-not $Oldest) { $found.Reverse() }
    $count = 0
    foreach ($event in $found) {
        if ($count -ge $MaxEvents) { break }
        $count++
        New-Instance 'System.Diagnostics.Eventing.Reader.EventLogRecord' ([ordered]@{
                Id           = $event['id']
                LogName      = $event['log']
                ProviderName = $event['provider']
                TimeCreated  = ConvertTo-LocalTime $event['at']
                Message      = 'Der Prozess hat den Neustart eingeleitet.'
                Properties   = @(foreach ($value in $event['values']) { [pscustomobject]@{ Value = $value } })
            })
    }
}

function Exit-Program($Cmdlet, [int]$Code, [string]$Message) {
    $global:LASTEXITCODE = $Code
    if ($Message -eq '') { return }
    $exception = [Management.Automation.RemoteException]::new($Message)
    Write-AsCmdlet $Cmdlet $exception 'NativeCommandError' 'NotSpecified' $Message
}

function Read-Options([object[]]$Words) {
    $options = @{}
    for ($index = 0; $index -lt $Words.Count; $index++) {
        $word = [string]$Words[$index]
        if ($word -notmatch '^[/-](\w+)$') { continue }
        $name = $Matches[1].ToLowerInvariant()
        $takesValue = 't', 'c', 'd', 'm' -contains $name
        $options[$name] = if ($takesValue) { [string]$Words[++$index] } else { $true }
    }
    $options
}

function shutdown.exe {
    [CmdletBinding()] param([Parameter(ValueFromRemainingArguments)] [object[]]$Words)
    $options = Read-Options $Words
    if (-not $options.ContainsKey('r') -or $options['c'].Length -gt 512 -or $options['d'] -notmatch '^p:\d+:\d+$') {
        Exit-Program $PSCmdlet 87 'Falscher Parameter.(87)'
        return
    }
    $state = Read-Machine
    if (-not $state['elevated']) { Exit-Program $PSCmdlet 5 'Zugriff verweigert(5)'; return }
    if ($null -ne $state['shutdown']) { Exit-Program $PSCmdlet 1190 'Es wurde bereits ein Herunterfahren geplant.(1190)'; return }
    $seconds = [int]$options['t']
    $comment = $options['c']
    Update-Machine {
        param($state)
        $now = [DateTime]::UtcNow
        $at = $now.ToString('yyyy-MM-ddTHH:mm:ssZ', [Globalization.CultureInfo]::InvariantCulture)
        $state['shutdown'] = [ordered]@{ due = ($now - [DateTime]::UnixEpoch).TotalSeconds + $seconds; comment = $comment }
        $values = "C:\Windows\system32\shutdown.exe ($($state['name']))", $state['name'], 'Betriebssystem: Neukonfiguration (geplant)', '0x80020004', 'Neu starten', $comment, 'CORP\ops'
        [void]$state['events'].Add([ordered]@{ log = 'System'; provider = 'User32'; id = 1074; at = $at; values = $values })
        Add-Trace 'shutdown' 'shutdown.exe' $comment
    }
    $global:LASTEXITCODE = 0
}

function whoami.exe {
    $global:LASTEXITCODE = 0
    $level = if ((Read-Machine)['elevated']) { 12288 } else { 8192 }
    '"Jeder","Bekannte Gruppe","S-1-1-0","Verbindliche Gruppe, Standardm' + [char]0xe4 + 'ssig aktiviert"'
    '"VORDEFINIERT\Administratoren","Alias","S-1-5-32-544","Verbindliche Gruppe"'
    "`"Verbindliche Beschriftung`",`"Bezeichnung`",`"S-1-16-$level`",`"`""
}

function sc.exe {
    [CmdletBinding()] param([Parameter(ValueFromRemainingArguments)] [object[]]$Words)
    $key = "HKLM:\SYSTEM\CurrentControlSet\Services\$($Words[1])"
    $found = Find-Key (Read-Machine) $key
    if ([string]$Words[0] -ne 'config') { $global:LASTEXITCODE = 1639; return '[SC] Syntax' }
    if ([string]::IsNullOrEmpty($found)) { $global:LASTEXITCODE = 1060; return '[SC] OpenService FEHLER 1060:' }
    switch ([string]$Words[2]) {
        'start=' { Set-RegistryValue $key 'Start' @{ boot = 0; system = 1; auto = 2; demand = 3; disabled = 4 }[[string]$Words[3]] }
        'depend=' { Set-RegistryValue $key 'DependOnService' @(([string]$Words[3]) -split '/') }
    }
    $global:LASTEXITCODE = 0
    '[SC] ChangeServiceConfig ERFOLG'
}
