# include: control/read-state
[pscustomobject]@{ enabled = Read-SmbServer 'AuditSmb1Access' }
