# https://learn.microsoft.com/powershell/module/failoverclusters/get-clusternode
param($Windows)
. "$PSScriptRoot/errors.ps1"

enum ClusterNodeState {
    Up
    Down
    Paused
    Joining
}

function Get-ClusterNode {
    [CmdletBinding()]
    param([string] $Name)
    New-StandInObject 'Microsoft.FailoverClusters.PowerShell.ClusterNode' @{
        Name  = $Name
        State = [ClusterNodeState]$Windows.clusterNode
    }
}

Export-ModuleMember -Function Get-ClusterNode
