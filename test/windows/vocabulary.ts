/** Everything that a script may use on a host besides the language (contract.md §6). A new entry needs its stand-in. */
export const commands: ReadonlySet<string> = new Set(
  `ForEach-Object Where-Object Select-Object Sort-Object Measure-Object New-Object Add-Member Write-Error Write-Warning
  Write-Verbose Get-Command Get-Module Import-Module Start-Sleep Out-Null Set-StrictMode
  Get-ItemProperty Set-ItemProperty New-ItemProperty Remove-ItemProperty Get-Item New-Item Remove-Item Get-ChildItem
  Test-Path
  Get-SmbServerConfiguration Set-SmbServerConfiguration Get-SmbClientConfiguration Set-SmbClientConfiguration
  Get-SmbSession Close-SmbSession Get-SmbConnection Get-SmbShare
  Get-WindowsOptionalFeature Enable-WindowsOptionalFeature Disable-WindowsOptionalFeature
  Get-WindowsFeature Install-WindowsFeature Uninstall-WindowsFeature
  Get-Service Set-Service Start-Service Restart-Service Get-CimInstance Invoke-CimMethod Get-WmiObject Get-WinEvent
  Get-HotFix
  Get-NetAdapterRdma Get-Cluster Get-ClusterNode Suspend-ClusterNode Resume-ClusterNode Get-BitLockerVolume
  Suspend-BitLocker
  shutdown.exe sc.exe secedit.exe gpresult.exe gpupdate.exe reg.exe dism.exe whoami.exe`.split(/\s+/),
);

/** WMI classes, in `root\cimv2` and `root\rsop\computer`. */
export const classes: ReadonlySet<string> = new Set([
  'Win32_OperatingSystem',
  'Win32_ComputerSystem',
  'Win32_Service',
  'Win32_OptionalFeature',
  'Win32_QuickFixEngineering',
  'RSOP_RegistryValue',
  'RSOP_RegistryPolicySetting',
  'RSOP_GPO',
]);

/** .NET base types and the language's own; never those that reach Windows past the cmdlets. */
export const types: ReadonlySet<string> = new Set(
  `array bool byte[] hashtable int ordered pscustomobject ref string BitConverter DateTime Globalization.CultureInfo
  Globalization.DateTimeStyles Math Runtime.InteropServices.COMException`.split(/\s+/),
);
