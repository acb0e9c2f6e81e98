import { nearMatch } from '../core/near-match.ts';
import { problem } from '../model/document.ts';
import type { Position } from '../model/document.ts';
import type { Origin } from '../model/inventory.ts';
import { describeNode, entriesOf } from '../model/yaml-node.ts';
import type { YamlEntry, YamlNode } from '../model/yaml-node.ts';
import type { InventoryBuilder, RawVariable } from './builder.ts';
import { expandHostPattern } from './host-range.ts';

/**
 * Adds the groups of one YAML inventory to what was read before; its shape is that of Ansible's own YAML plugin.
 *
 * @see https://docs.ansible.com/ansible/latest/collections/ansible/builtin/yaml_inventory.html
 */
export function readGroups(root: YamlNode, builder: InventoryBuilder): void {
  if (root.kind !== 'map') {
    refuseShape(builder, root, 'The inventory', 'a map of groups');
    return;
  }
  for (const entry of root.entries) readGroup(entry, builder);
}

function readGroup(entry: YamlEntry, builder: InventoryBuilder): void {
  if (!isNamed(entry, builder)) return;
  const group = builder.addGroup(entry.key, entry.keyAt);
  if (isEmpty(entry.value)) return;
  if (entry.value.kind !== 'map') {
    refuseShape(builder, entry.value, `Group ${entry.key}`, 'a map with hosts, children or vars');
    return;
  }
  for (const section of entry.value.entries) {
    switch (section.key) {
      case 'hosts':
        for (const host of members(section, group.name, builder)) readHost(host, group.name, builder);
        break;
      case 'children':
        for (const child of members(section, group.name, builder)) {
          readGroup(child, builder);
          if (isText(child)) builder.addChild(group.name, child.key, child.keyAt);
        }
        break;
      case 'vars':
        for (const variable of members(section, group.name, builder)) {
          if (variable.key === 'ansible_group_priority') setPriority(group, variable.value, builder);
          else group.vars.set(variable.key, rawVariable(variable, group.name));
        }
        break;
      default:
        warnUnexpected(section, group.name, builder);
    }
  }
}

function readHost(
  { key, keyAt, keyValue, value }: YamlEntry,
  group: string,
  builder: InventoryBuilder,
): void {
  if (!isNamed({ key, keyAt, keyValue, value }, builder)) return;
  const expanded = expandHostPattern(key);
  if (!expanded.ok) {
    builder.problems.push(problem(keyAt, 'inventory.host-range', expanded.error.details));
    return;
  }
  if (!isEmpty(value) && value.kind !== 'map') {
    refuseShape(builder, value, `Host ${key}`, 'empty or a map of variables');
    return;
  }
  for (const name of expanded.value.names) {
    const host = builder.addHost(name, group);
    const { port } = expanded.value;
    if (port !== undefined && !host.vars.has('ansible_port')) {
      host.vars.set('ansible_port', portVariable(port, name, keyAt));
    }
    for (const variable of entriesOf(value)) host.vars.set(variable.key, rawVariable(variable, name));
  }
}

/** The entries of a section; a bare text stands for an entry without a value. */
function members(section: YamlEntry, group: string, builder: InventoryBuilder): readonly YamlEntry[] {
  const { key, value } = section;
  if (isEmpty(value)) return [];
  if (value.kind === 'map') return value.entries;
  if (value.kind === 'scalar' && typeof value.value === 'string' && key !== 'vars') {
    const nothing: YamlNode = { kind: 'scalar', value: null, at: value.at };
    return [{ key: value.value, keyValue: value.value, keyAt: value.at, value: nothing }];
  }
  refuseShape(builder, value, `\`${key}\` of group ${group}`, 'a map (each name followed by a colon)');
  return [];
}

function setPriority(group: { priority: number }, node: YamlNode, builder: InventoryBuilder): void {
  const value = node.kind === 'scalar' ? node.value : null;
  const priority = typeof value === 'string' && /^[-+]?\d+$/.test(value.trim()) ? Number(value) : value;
  if (typeof priority === 'number' && Number.isInteger(priority)) group.priority = priority;
  else builder.problems.push(problem(node.at, 'inventory.priority', { reason: 'must be a whole number' }));
}

function warnUnexpected({ key, keyAt }: YamlEntry, group: string, builder: InventoryBuilder): void {
  const near = nearMatch(key, ['hosts', 'children', 'vars']);
  builder.warnings.push(problem(keyAt, 'inventory.unexpected-key', { key, group, near }));
}

/** A variable with the place where it stands. */
export function rawVariable({ key, keyAt, value }: YamlEntry, owner: string): RawVariable {
  return { name: key, node: value, from: originOf(keyAt, owner) };
}

function portVariable(port: number, host: string, at: Position): RawVariable {
  return { name: 'ansible_port', node: { kind: 'scalar', value: port, at }, from: originOf(at, host) };
}

function originOf({ file, line, column }: Position, owner: string): Origin {
  return { file, line, column, group: owner };
}

function isNamed(entry: YamlEntry, builder: InventoryBuilder): boolean {
  if (isText(entry)) return true;
  const what =
    entry.key === '' ? 'empty' : `read as a ${entry.keyValue === null ? 'null' : typeof entry.keyValue}`;
  builder.problems.push(problem(entry.keyAt, 'yaml.key', { what }));
  return false;
}

function isText({ key, keyValue }: YamlEntry): boolean {
  return typeof keyValue === 'string' && key !== '';
}

function isEmpty(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function refuseShape(builder: InventoryBuilder, node: YamlNode, what: string, wanted: string): void {
  builder.problems.push(problem(node.at, 'inventory.shape', { what, wanted, found: describeNode(node) }));
}
