import { err, ok } from '../core/result.ts';
import { problem } from '../model/document.ts';
import type { Problem, Reading } from '../model/document.ts';
import { memberOf } from '../model/yaml-node.ts';
import type { YamlNode } from '../model/yaml-node.ts';
import { readYaml } from '../model/yaml-source.ts';
import type { YamlSource } from '../model/yaml-source.ts';
import { extensionOf } from './files.ts';

/** Reads one inventory file; what is no YAML inventory is refused with what it seems to be. */
export function readInventoryFile(path: string, text: string): Reading<YamlSource> {
  const at = { file: path, line: 1, column: 1 };
  const refuse = (what: string) => err([problem(at, 'inventory.format', { what })]);
  const other = otherFormat(path, text);
  if (other !== undefined) return refuse(other);
  const source = readYaml(text, path, { version: versionOf(text) });
  if (!source.ok) return source;
  if (source.value.value === null) return err([problem(at, 'inventory.empty')]);
  const plugin = memberOf(source.value.root, 'plugin');
  return plugin?.kind === 'scalar'
    ? refuse('The configuration of an inventory plugin')
    : withoutVault(source.value);
}

function otherFormat(path: string, text: string): string | undefined {
  if (text.startsWith('#!')) return 'An executable inventory';
  if (text.startsWith('$ANSIBLE_VAULT')) return 'A file encrypted with Ansible Vault';
  const extension = extensionOf(path.slice(path.lastIndexOf('/') + 1));
  if (/^\.(?:ya?ml|json)$/.test(extension)) return undefined;
  if (extension !== '' && extension !== '.ini') return `A file with the ending ${extension}`;
  const hasSections = /^\[[\w.-]+(?::\w+)?\]\s*$/m.test(text);
  return extension === '.ini' || hasSections ? 'An INI inventory' : undefined;
}

/** Reads a file of `group_vars` or `host_vars`; empty is as good as absent. */
export function readVariablesFile(path: string, text: string): Reading<YamlSource> {
  const at = { file: path, line: 1, column: 1 };
  if (text.startsWith('$ANSIBLE_VAULT')) return err([problem(at, 'inventory.vault', { what: 'The file' })]);
  const source = readYaml(text, path, { version: versionOf(text) });
  if (!source.ok) return source;
  const { root, value } = source.value;
  if (root.kind === 'map' || value === null) return withoutVault(source.value);
  const details = {
    what: 'The file',
    wanted: 'a map of variables',
    found: root.kind === 'list' ? 'a list' : 'a text',
  };
  return err([problem(root.at, 'inventory.shape', details)]);
}

/** Ansible tries JSON first, whatever the file is called; there 1e3 is a number. */
function versionOf(text: string): 'json' | '1.1' {
  if (!/^\s*[{[]/.test(text)) return '1.1';
  try {
    JSON.parse(text);
    return 'json';
  } catch {
    return '1.1';
  }
}

/** Ciphertext must never pass for a value. */
function withoutVault(source: YamlSource): Reading<YamlSource> {
  const sealed = vaultProblems(source.root, 'The value');
  return sealed.length > 0 ? err(sealed) : ok(source);
}

function vaultProblems(node: YamlNode, what: string): readonly Problem[] {
  switch (node.kind) {
    case 'scalar':
      return node.tag === 'vault' ? [problem(node.at, 'inventory.vault', { what })] : [];
    case 'list':
      return node.items.flatMap((item) => vaultProblems(item, what));
    case 'map':
      return node.entries.flatMap(({ key, value }) => vaultProblems(value, key));
    default:
      return node satisfies never;
  }
}
