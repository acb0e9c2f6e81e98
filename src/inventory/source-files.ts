import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { folderOf, listFolder } from './files.ts';
import type { FileMap } from './files.ts';

/** One `-i`: the files to parse, in order, and the folder beside which `group_vars` and `countersign.yml` stand. */
export interface InventorySource {
  readonly files: readonly string[];
  readonly folder: string;
}

/** Holds our redundancy sets; never part of the inventory itself. */
export const redundancyFileName = 'countersign.yml';

/**
 * As `INVENTORY_IGNORE_EXTS` of ansible-core, but for `.ini`, which its later versions read. Certificates and keys, to
 * which variables point, are no inventory either; Ansible only warns that it cannot read them.
 */
const ignoredEndings = /(?:\.(?:pyc|pyo|swp|bak|rpm|md|txt|rst|orig|cfg|retry|pem|crt|cer|key)|~)$/;
const ignoredNames = new Set(['host_vars', 'group_vars', 'vars_plugins', redundancyFileName]);

/**
 * The files of one source: the file itself, or what a folder holds, by name and deep.
 *
 * @returns Failure `inventory.no-source` where the path names neither a file nor a folder with files.
 */
export function sourceFiles(files: FileMap, source: string): Result<InventorySource> {
  const path = source.length > 1 ? source.replace(/\/+$/, '') : source;
  if (files.has(path)) return ok({ files: [path], folder: folderOf(path) });
  const found = filesBelow(files, path);
  return found.length === 0
    ? err(failure('inventory.no-source', { path: source }))
    : ok({ files: found, folder: path });
}

function filesBelow(files: FileMap, folder: string): readonly string[] {
  return listFolder(files, folder).flatMap(({ name, path, isFolder }) => {
    if (name.startsWith('.') || ignoredNames.has(name) || ignoredEndings.test(name)) return [];
    return isFolder ? filesBelow(files, path) : [path];
  });
}
