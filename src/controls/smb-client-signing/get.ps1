# include: control/read-state
# include: control/read-policy
$parameters = 'HKLM:\SYSTEM\CurrentControlSet\Services\LanmanWorkstation\Parameters'
$policy = Read-Policy $parameters 'RequireSecuritySignature'
[pscustomobject]@{
    require       = Read-SmbClient 'RequireSecuritySignature'
    registryValue = Read-Registry $parameters 'RequireSecuritySignature'
    enableValue   = Read-Registry $parameters 'EnableSecuritySignature'
    policy        = $policy.Name
    policyValue   = $policy.Value
}
