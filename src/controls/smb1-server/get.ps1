# include: control/read-state
# include: control/read-policy
$parameters = 'HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters'
$policy = Read-Policy $parameters 'SMB1'
[pscustomobject]@{
    enabled       = Read-SmbServer 'EnableSMB1Protocol'
    registryValue = Read-Registry $parameters 'SMB1'
    policy        = $policy.Name
    policyValue   = $policy.Value
}
