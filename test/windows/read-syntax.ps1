# Arguments: Text. Emits what the real parser sees in a script: { errors, newer, commands, types, strings }.
# 'newer' lists syntax that Windows PowerShell 3.0 does not have.
$tokens = $null
$errors = $null
$ast = [Management.Automation.Language.Parser]::ParseInput($Arguments['Text'], [ref]$tokens, [ref]$errors)
$nodes = @($ast.FindAll({ $true }, $true))

$newTypes = 'TernaryExpressionAst', 'PipelineChainAst', 'TypeDefinitionAst', 'UsingStatementAst', 'ConfigurationDefinitionAst'
$newOperators = 'QuestionQuestion', 'QuestionQuestionEquals'

function Find-Newer($Node) {
    $name = $Node.GetType().Name
    $names = @($Node.PSObject.Properties | ForEach-Object { $_.Name })
    if ($newTypes -contains $name) { $name }
    if ($names -contains 'Operator' -and $newOperators -contains [string]$Node.Operator) { [string]$Node.Operator }
    if ($names -contains 'NullConditional' -and $Node.NullConditional) { 'NullConditional' }
    if ($names -contains 'Background' -and $Node.Background) { 'Background' }
    if ($names -contains 'CleanBlock' -and $null -ne $Node.CleanBlock) { 'CleanBlock' }
    if ($name -eq 'InvokeMemberExpressionAst' -and 'new', 'Where', 'ForEach' -contains [string]$Node.Member) { ".$($Node.Member)()" }
    if ($name -eq 'CommandParameterAst' -and 'PipelineVariable', 'Parallel' -contains $Node.ParameterName) { "-$($Node.ParameterName)" }
    if ($name -eq 'ForEachStatementAst' -and [string]$Node.Flags -ne 'None') { 'foreach -parallel' }
    if ($name -eq 'ConstantExpressionAst' -and $Node.Extent.Text -match '^0b|[uysn]') { "number $($Node.Extent.Text)" }
    if ($name -like '*String*Ast' -and $Node.Extent.Text -match '^"(?s:.*)`[eu]') { 'string escape' }
}

$functions = @($nodes | Where-Object { $_ -is [Management.Automation.Language.FunctionDefinitionAst] } | ForEach-Object { $_.Name })
$commands = @($nodes | Where-Object { $_ -is [Management.Automation.Language.CommandAst] } | ForEach-Object {
        $name = $_.GetCommandName()
        if ($null -eq $name) { "dynamic: $($_.Extent.Text)" } elseif ($functions -notcontains $name) { $name }
    })
$types = @($nodes | Where-Object { $_ -is [Management.Automation.Language.TypeExpressionAst] -or $_ -is [Management.Automation.Language.TypeConstraintAst] } |
        ForEach-Object { $_.TypeName.FullName })
$strings = @($nodes | Where-Object { $_ -is [Management.Automation.Language.StringConstantExpressionAst] } | ForEach-Object { $_.Value })
[pscustomobject]@{
    errors   = @($errors | ForEach-Object { $_.ErrorId })
    newer    = @($nodes | ForEach-Object { Find-Newer $_ })
    commands = $commands
    types    = $types
    strings  = $strings
}
