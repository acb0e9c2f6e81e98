import type { FailureSpec } from '../failure-spec.ts';
import { nearest } from './nearest.ts';
import { show } from './show.ts';

const mistake = { blame: 'user', retry: 'never' } as const;

/** Inventories, patterns over them, and the way to a host that they give. */
export const inventoryFailures = {
  'inventory.no-source': {
    ...mistake,
    message: (d) => `The inventory ${show(d['path'])} has no file that can be read`,
    hint: () => 'Name an existing YAML file or folder with -i.',
  },
  'inventory.format': {
    ...mistake,
    message: (d) => `${show(d['what'])} cannot be read as an inventory yet`,
    hint: () =>
      'Turn it into YAML with `ansible-inventory -i FILE --list --yaml --export --output FILE.yml` and name that file.',
  },
  'inventory.empty': {
    ...mistake,
    message: () => 'The inventory file is empty',
    hint: () => 'Write at least `all: { hosts: { … } }`, or leave the file out.',
  },
  'inventory.shape': {
    ...mistake,
    message: (d) => `${show(d['what'])} must be ${show(d['wanted'])}, but is ${show(d['found'])}`,
  },
  'inventory.unexpected-key': {
    ...mistake,
    message: (d) => `Key ${show(d['key'])} in group ${show(d['group'])} is skipped`,
    hint: nearest(() => 'A group has `hosts`, `children` and `vars`.'),
  },
  'inventory.host-range': {
    ...mistake,
    message: (d) => `The host range ${show(d['range'])} cannot be expanded: ${show(d['reason'])}`,
    hint: () => 'Write it as [begin:end] or [begin:end:step], such as web-[01:50].',
  },
  'inventory.cycle': {
    ...mistake,
    message: (d) =>
      `Group ${show(d['child'])} becomes a child of ${show(d['parent'])}, but is above it already (${show(d['other'])})`,
    hint: () => 'Remove one of the two `children` entries.',
  },
  'inventory.same-name': {
    ...mistake,
    message: (d) => `${show(d['name'])} is the name of both a group and a host`,
    hint: () => 'In patterns it means the host; rename one of them.',
  },
  'inventory.priority': {
    ...mistake,
    message: (d) => `ansible_group_priority ${show(d['reason'])}`,
    hint: () => 'Write a whole number under the `vars` of the group in the inventory file.',
  },
  'inventory.unused-vars': {
    ...mistake,
    message: (d) => `No ${show(d['kind'])} is named ${show(d['name'])}, so this file is not used`,
    hint: nearest(() => 'Rename or remove the file.'),
  },
  'inventory.vault': {
    ...mistake,
    message: (d) => `${show(d['what'])} is encrypted with Ansible Vault, which cannot be opened yet`,
    hint: () => "Use \"{{ lookup('env', 'NAME') }}\" and set NAME in .env or the environment.",
  },
  'inventory.template': {
    ...mistake,
    message: (d) =>
      `Variable ${show(d['variable'])} of ${show(d['host'])} cannot be resolved: ${show(d['reason'])}`,
    hint: () =>
      "Templates may use variables, inventory_hostname, group_names, default(), lower, upper and lookup('env', 'NAME').",
  },
  'inventory.environment': {
    ...mistake,
    message: (d) =>
      `Variable ${show(d['variable'])} of ${show(d['host'])} needs the environment variable ${show(d['name'])}, which is not set`,
    hint: (d) => `Set ${show(d['name'])} in .env or in the environment.`,
  },
  'inventory.set': {
    ...mistake,
    message: (d) => `Redundancy set ${show(d['set'])} cannot be used: ${show(d['reason'])}`,
  },
  'inventory.unmatched': {
    ...mistake,
    message: (d) => `${show(d['term'])} in pattern ${show(d['pattern'])} matches no host and no group`,
    hint: nearest(() => '`countersign inventory --graph` shows the groups and hosts there are.'),
  },
  'inventory.pattern': {
    ...mistake,
    message: (d) =>
      `${show(d['term'])} in pattern ${show(d['pattern'])} cannot be used: ${show(d['reason'])}`,
  },
  'inventory.no-such-host': {
    ...mistake,
    message: (d) => `There is no host ${show(d['host'])} in the inventory`,
    hint: nearest(() => '`countersign inventory --graph` shows the hosts there are.'),
  },
  'inventory.no-connection': {
    ...mistake,
    message: (d) => `${show(d['host'])} has no ansible_connection, so Ansible would use ssh`,
    hint: () => 'Set `ansible_connection: psrp` (or winrm) for the host or one of its groups.',
  },
  'inventory.connection': {
    ...mistake,
    message: (d) => `${show(d['host'])} cannot be connected to: ${show(d['variable'])} ${show(d['reason'])}`,
    hint: nearest((d) => show(d['remedy'], 'Correct the variable in the inventory.')),
  },
  'inventory.verification-stays-on': {
    ...mistake,
    message: (d) =>
      `${show(d['variable'])} of ${show(d['host'])} asks to skip the check of the certificate; it is checked all the same`,
    hint: () =>
      'Name the authority of the hosts (ansible_psrp_ca_cert or ansible_winrm_ca_trust_path), or pin a certificate (countersign_tls_pin).',
  },
  'inventory.ignored-variable': {
    ...mistake,
    message: (d) => `${show(d['variable'])} of ${show(d['host'])} is not understood and has no effect`,
    hint: nearest(() => 'Remove it where it matters that it has an effect.'),
  },
} as const satisfies Record<string, FailureSpec>;
