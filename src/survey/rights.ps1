# include: survey/boot-identity
# Emits { hostTime, administrator, memberOfAdministrators }: whether this logon may change the host, by the integrity
# level of its token, and whether its account is in the group that may. A member without the level has a filtered token.

# Names and attributes of groups are localised; their identifiers are not. High is an administrator, System is Windows.
$groups = whoami.exe /groups /fo csv /nh
if ($LASTEXITCODE -ne 0) { throw "CountersignWhoamiExit$LASTEXITCODE" }
[pscustomobject]@{
    hostTime               = ConvertTo-UtcText ([DateTime]::UtcNow)
    administrator          = @($groups | Where-Object { $_ -match '"S-1-16-(12288|16384)"' }).Count -gt 0
    memberOfAdministrators = @($groups | Where-Object { $_ -match '"S-1-5-32-544"' }).Count -gt 0
}
