# Errors as cmdlets raise them. Shared by the stand-in modules.

function New-StandInError($Exception, [string]$Id, $Target) {
    [Management.Automation.ErrorRecord]::new($Exception, $Id, 'NotSpecified', $Target)
}

# A non-terminating error, under the caller's preference: a module's functions do not see that by themselves.
# Differs: the identifier ends in the function's name instead of the cmdlet's class.
function Write-StandInError($Cmdlet, $Record) {
    $action = if ($Cmdlet.MyInvocation.BoundParameters.ContainsKey('ErrorAction')) {
        $Cmdlet.MyInvocation.BoundParameters['ErrorAction']
    }
    else { $Cmdlet.GetVariableValue('ErrorActionPreference') }
    if ([string]$action -eq 'Stop') { $Cmdlet.ThrowTerminatingError($Record) }
    if ('SilentlyContinue', 'Ignore' -notcontains [string]$action) { $Cmdlet.WriteError($Record) }
}

function New-StandInObject([string]$TypeName, [Collections.IDictionary]$Properties) {
    $object = [pscustomobject]$Properties
    $object.PSObject.TypeNames.Insert(0, $TypeName)
    $object
}
