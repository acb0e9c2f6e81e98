# include: survey/boot-identity
# include: survey/read-readiness
[pscustomobject](Read-Readiness)
