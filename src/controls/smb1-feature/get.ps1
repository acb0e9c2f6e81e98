# include: control/read-state
# include: control/read-feature
# include: control/read-policy
$driver = 'HKLM:\SYSTEM\CurrentControlSet\Services\mrxsmb10'
$policy = Read-Policy $driver 'Start'
[pscustomobject]@{
    feature          = Read-Feature 'SMB1Protocol'
    client           = Read-Feature 'SMB1Protocol-Client'
    server           = Read-Feature 'SMB1Protocol-Server'
    automaticRemoval = Read-Feature 'SMB1Protocol-Deprecation'
    roleFeature      = Read-WindowsFeature 'FS-SMB1'
    driverStart      = Read-Registry $driver 'Start'
    driverDependency = Read-Dependency 'LanmanWorkstation' 'MRxSmb10'
    policy           = $policy.Name
    policyValue      = $policy.Value
}
