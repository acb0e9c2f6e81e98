/** The connection plugins whose variables we read. */
export type ConnectionPlugin = 'psrp' | 'winrm';

const passwords = [
  'ansible_winrm_password',
  'ansible_winrm_pass',
  'ansible_psrp_password',
  'ansible_password',
];

/** Ours, which Ansible has no word for; the same whatever the plugin. */
const ours = {
  pin: ['countersign_tls_pin'],
  serverName: ['countersign_tls_server_name'],
  keyPassphrase: ['countersign_tls_key_passphrase'],
} as const;

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
    authorities: ['ansible_psrp_ca_cert', 'ansible_psrp_cert_trust_path'],
    clientCertificate: ['ansible_psrp_certificate_pem'],
    clientKey: ['ansible_psrp_certificate_key_pem'],
    proxy: ['ansible_psrp_proxy'],
    kerberosHostname: ['ansible_psrp_negotiate_hostname_override'],
    kerberosService: ['ansible_psrp_negotiate_service'],
    ...ours,
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
    authorities: ['ansible_winrm_ca_trust_path'],
    clientCertificate: ['ansible_winrm_cert_pem'],
    clientKey: ['ansible_winrm_cert_key_pem'],
    proxy: ['ansible_winrm_proxy'],
    kerberosHostname: ['ansible_winrm_kerberos_hostname_override'],
    kerberosService: ['ansible_winrm_service'],
    ...ours,
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
