/** The connection plugins whose variables we read. */
export type ConnectionPlugin = 'psrp' | 'winrm';

const passwords = [
  'ansible_winrm_password',
  'ansible_winrm_pass',
  'ansible_psrp_password',
  'ansible_password',
];

/** What a target is made of, and the variables that give it: by plugin, the strongest first. */
export const connectionNames = {
  psrp: {
    host: ['ansible_psrp_host', 'ansible_host'],
    user: ['ansible_psrp_user', 'ansible_user'],
    password: ['ansible_psrp_password', ...passwords],
    port: ['ansible_psrp_port', 'ansible_port'],
    scheme: ['ansible_psrp_protocol'],
    path: ['ansible_psrp_path'],
    auth: ['ansible_psrp_auth'],
    configuration: ['ansible_psrp_configuration_name'],
    connectTimeout: ['ansible_psrp_connection_timeout'],
    operationTimeout: ['ansible_psrp_operation_timeout'],
    certificateCheck: ['ansible_psrp_cert_validation'],
  },
  winrm: {
    host: ['ansible_winrm_host', 'ansible_host'],
    user: ['ansible_winrm_user', 'ansible_user'],
    password: passwords,
    port: ['ansible_winrm_port', 'ansible_port'],
    scheme: ['ansible_winrm_scheme'],
    path: ['ansible_winrm_path'],
    auth: ['ansible_winrm_transport'],
    configuration: ['ansible_psrp_configuration_name'],
    connectTimeout: ['ansible_winrm_connection_timeout'],
    operationTimeout: ['ansible_winrm_operation_timeout_sec'],
    certificateCheck: ['ansible_winrm_server_cert_validation'],
  },
} as const satisfies Record<ConnectionPlugin, Record<string, readonly string[]>>;

export type ConnectionPart = keyof (typeof connectionNames)['psrp'];

/** Every connection variable that has an effect here. */
export const usedConnectionVariables: ReadonlySet<string> = new Set([
  'ansible_connection',
  ...Object.values(connectionNames).flatMap((parts) => Object.values<readonly string[]>(parts).flat()),
]);

/** Whether something here reads the variable: ours (contract.md §5), or one of the connection. */
export function isUsedVariable(name: string): boolean {
  return usedConnectionVariables.has(name) || name.startsWith('countersign_');
}

/** The plugin that `ansible_connection` names, with or without its collection. */
export function connectionPlugin(connection: unknown): ConnectionPlugin | undefined {
  if (connection === 'psrp' || connection === 'ansible.builtin.psrp') return 'psrp';
  return connection === 'winrm' || connection === 'ansible.builtin.winrm' ? 'winrm' : undefined;
}
