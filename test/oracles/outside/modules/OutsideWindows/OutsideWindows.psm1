# A German Windows, as far as scripts for SMB and reboots need one; each host has only the modules of its generation.

foreach ($part in 'State', 'Registry', 'Smb', 'Features', 'System', 'Utility') { . "$PSScriptRoot/$part.ps1" }

[Threading.Thread]::CurrentThread.CurrentCulture = [Globalization.CultureInfo]::InvariantCulture
$here = Read-Machine
$exported = @(
    'Test-Path', 'Get-ItemProperty', 'New-ItemProperty', 'Set-ItemProperty', 'Remove-ItemProperty'
    'Get-CimInstance', 'Get-Service', 'Get-WinEvent', 'shutdown.exe', 'whoami.exe', 'sc.exe'
    'Select-Object', 'Sort-Object', 'Start-Sleep'
    if ($null -ne $here['smbServer']) { 'Get-SmbServerConfiguration', 'Set-SmbServerConfiguration' }
    if ($null -ne $here['smbClient']) { 'Get-SmbClientConfiguration', 'Set-SmbClientConfiguration' }
    if ($null -ne $here['optionalFeatures']) { 'Get-WindowsOptionalFeature', 'Enable-WindowsOptionalFeature', 'Disable-WindowsOptionalFeature' }
    if ($null -ne $here['windowsFeatures']) { 'Get-WindowsFeature', 'Uninstall-WindowsFeature' }
)
Export-ModuleMember -Function $exported
