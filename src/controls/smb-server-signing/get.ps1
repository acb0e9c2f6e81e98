# include: control/read-state
# include: control/read-policy
$parameters = 'HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters'
$policy = Read-Policy $parameters 'RequireSecuritySignature'
[pscustomobject]@{
    require       = Read-SmbServer 'RequireSecuritySignature'
    registryValue = Read-Registry $parameters 'RequireSecuritySignature'
    enableValue   = Read-Registry $parameters 'EnableSecuritySignature'
    policy        = $policy.Name
    policyValue   = $policy.Value
}
