# Whether Windows has come up and is at rest (model/facts.ts, Readiness); needs survey/boot-identity.

function Read-Value([string]$Key, [string]$Name) {
    if (-not (Test-Path -LiteralPath $Key)) { return $null }
    $property = (Get-ItemProperty -LiteralPath $Key).PSObject.Properties[$Name]
    if ($null -ne $property) { $property.Value }
}

# Each source by its own name: some are noise on their own, such as the renames that browsers leave behind.
function Get-PendingReboot {
    $windows = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion'
    $control = 'HKLM:\SYSTEM\CurrentControlSet\Control'
    if (Test-Path -LiteralPath "$windows\Component Based Servicing\RebootPending") { 'component-based-servicing' }
    if (Test-Path -LiteralPath "$windows\WindowsUpdate\Auto Update\RebootRequired") { 'windows-update' }
    $renames = @(Read-Value "$control\Session Manager" 'PendingFileRenameOperations') | Where-Object { "$_" -ne '' }
    if (@($renames).Count -gt 0) { 'file-rename' }
    $active = Read-Value "$control\ComputerName\ActiveComputerName" 'ComputerName'
    $next = Read-Value "$control\ComputerName\ComputerName" 'ComputerName'
    if ($active -ne $next) { 'computer-rename' }
    $cache = 'HKLM:\SOFTWARE\Microsoft\ServerManager\ServicingStorage\ServerComponentCache'
    if ((Read-Value $cache 'RestartRequired') -eq 1) { 'server-manager' }
}

# Values of ServicingInProgress are known from observation only: 1 waits for a restart, 2 is at work.
function Get-Servicing {
    $key = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\Interface'
    switch (Read-Value $key 'ServicingInProgress') {
        1 { return 'waiting' }
        2 { return 'working' }
    }
    'idle'
}

function Get-ServiceStates {
    $states = @{}
    foreach ($name in 'LanmanServer', 'LanmanWorkstation', 'Netlogon') {
        $service = Get-Service -Name $name -ErrorAction SilentlyContinue
        $states[$name] = if ($null -eq $service) { 'absent' } else { [string]$service.Status }
    }
    $states
}

function Read-Readiness {
    [ordered]@{
        bootTime      = Get-BootTime
        bootId        = Get-BootId
        hostTime      = ConvertTo-UtcText ([DateTime]::UtcNow)
        pendingReboot = @(Get-PendingReboot)
        servicing     = Get-Servicing
        services      = Get-ServiceStates
    }
}
