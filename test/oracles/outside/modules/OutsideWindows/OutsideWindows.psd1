@{
    RootModule        = 'OutsideWindows.psm1'
    ModuleVersion     = '1.0'
    GUID              = '5d0f7d0e-0c8e-4f5c-9b7a-7c2f3f0e6a11'
    FunctionsToExport = '*'
    CmdletsToExport   = @()
    AliasesToExport   = @()
}
