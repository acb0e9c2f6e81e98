# include: control/read-state
# include: survey/boot-identity
# include: survey/read-readiness

function Get-OperatingSystem {
    $system = Get-CimInstance -ClassName Win32_OperatingSystem
    $version = 'HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion'
    $roles = @{ 1 = 'workstation'; 2 = 'domain-controller'; 3 = 'server' }
    [pscustomobject]@{
        build    = [int]$system.BuildNumber
        revision = Read-Value $version 'UBR'
        caption  = [string]$system.Caption
        edition  = [string](Read-Value $version 'EditionID')
        role     = $roles[[int]$system.ProductType]
    }
}

function Get-SmbAbilities {
    $server = Test-Command 'Get-SmbServerConfiguration'
    [pscustomobject]@{
        serverCmdlets          = $server
        clientCmdlets          = Test-Command 'Get-SmbClientConfiguration'
        auditSmb1Access        = $server -and (Read-SmbServer 'AuditSmb1Access') -is [bool]
        optionalFeatureCmdlets = Test-Command 'Get-WindowsOptionalFeature'
        windowsFeatureCmdlets  = Test-Command 'Get-WindowsFeature'
    }
}

# The service is installed with the feature, but disabled until the host joins a cluster.
function Get-ClusterState([string]$Node) {
    $start = Read-Value 'HKLM:\SYSTEM\CurrentControlSet\Services\ClusSvc' 'Start'
    if ($null -eq $start -or $start -eq 4) { return 'absent' }
    $service = Get-Service -Name 'ClusSvc'
    if ([string]$service.Status -ne 'Running') { return [string]$service.Status }
    if (-not (Test-Command 'Get-ClusterNode')) { return 'unsupported' }
    [string](Get-ClusterNode -Name $Node).State
}

$computer = Get-CimInstance -ClassName Win32_ComputerSystem
$facts = Read-Readiness
$facts['os'] = Get-OperatingSystem
$facts['computerName'] = [string]$computer.Name
$facts['domain'] = [string]$computer.Domain
$facts['powershell'] = $PSVersionTable.PSVersion.ToString()
$facts['smb'] = Get-SmbAbilities
$facts['cluster'] = Get-ClusterState $computer.Name
[pscustomobject]$facts
