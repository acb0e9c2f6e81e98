/** Connection variables of Ansible's psrp and winrm plugins that have an effect here; without the prefix `ansible_`. */
const used = [
  'connection',
  'host',
  'psrp_host',
  'winrm_host',
  'user',
  'psrp_user',
  'winrm_user',
  'password',
  'psrp_password',
  'winrm_password',
  'winrm_pass',
  'port',
  'psrp_port',
  'winrm_port',
  'psrp_protocol',
  'winrm_scheme',
  'psrp_path',
  'winrm_path',
  'psrp_auth',
  'winrm_transport',
  'psrp_configuration_name',
  'psrp_connection_timeout',
  'winrm_connection_timeout',
  'psrp_operation_timeout',
  'winrm_operation_timeout_sec',
  'psrp_read_timeout',
  'winrm_read_timeout_sec',
  'psrp_cert_validation',
  'winrm_server_cert_validation',
].map((name) => `ansible_${name}`);

const usedNames: ReadonlySet<string> = new Set(used);

/** Names for near matches. */
export const usedConnectionVariables: readonly string[] = used;

/** Whether something here reads the variable: ours (contract.md §5), or one of the connection. */
export function isUsedVariable(name: string): boolean {
  return usedNames.has(name) || name.startsWith('countersign_');
}
