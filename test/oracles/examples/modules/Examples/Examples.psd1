@{
    ModuleVersion     = '1.0'
    RootModule        = 'Examples.psm1'
    FunctionsToExport = @('Get-Date', 'Get-Process', 'Select-Object', 'Sort-Object', 'Start-Sleep', 'Write-Warning')
}
