import type { FleetHost, InventoryLogon } from './fleet.ts';

const heading = `# A lab fleet: simulated Windows hosts on loopback. Written by Countersign; the ports live as long as the lab does.
all:
  vars:
    ansible_connection: psrp
    ansible_psrp_protocol: http
    ansible_psrp_auth: ntlm
`;

const passwordFromEnvironment = "{{ lookup('env', 'COUNTERSIGN_PASSWORD') }}";

/** An inventory for a fleet in Ansible's YAML: every host with its port, and the groups. */
export function inventoryYaml(hosts: readonly FleetHost[], { user, madeUpPassword }: InventoryLogon): string {
  const logon =
    `    ansible_user: ${JSON.stringify(user)}\n` +
    `    ansible_password: ${JSON.stringify(madeUpPassword ?? passwordFromEnvironment)}\n` +
    '  hosts:\n';
  const entries = hosts.map(
    ({ name, address, port }) => `    ${quoted(name)}: { ansible_host: ${address}, ansible_port: ${port} }\n`,
  );
  return heading + logon + entries.join('') + children(hosts);
}

function children(hosts: readonly FleetHost[]): string {
  const groups = new Map<string, string[]>();
  for (const { name, groups: of } of hosts) {
    for (const group of of) groups.set(group, [...(groups.get(group) ?? []), name]);
  }
  if (groups.size === 0) return '';
  const blocks = [...groups].map(([group, names]) => {
    const members = names.map((name) => `        ${quoted(name)}:\n`).join('');
    return `    ${quoted(group)}:\n      hosts:\n${members}`;
  });
  return `  children:\n${blocks.join('')}`;
}

/** A name that YAML could take for something else (`1`, `no`, `~`) goes in quotes; JSON's are YAML's. */
function quoted(name: string): string {
  return /^[a-z][a-z0-9_.-]*[a-z0-9]$/i.test(name) && !/^(null|true|false|yes|no|on|off)$/i.test(name)
    ? name
    : JSON.stringify(name);
}
