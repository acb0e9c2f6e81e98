import { extensionOf, listFolder } from './files.ts';
import type { FileMap } from './files.ts';

/** In this order, and only the first that exists, as Ansible does. */
const endings = ['', '.yml', '.yaml', '.json'];

/** The files that hold the variables of a group or host: one file, or a folder's files, deep and by name. */
export type VariablesFolder = (name: string) => readonly string[];

/** Looks into `group_vars` or `host_vars` once, for many names. */
export function variablesFolder(files: FileMap, folder: string): VariablesFolder {
  const entries = new Map(listFolder(files, folder).map((entry) => [entry.name, entry]));
  return (name) => {
    for (const ending of endings) {
      const entry = entries.get(name + ending);
      if (entry?.isFolder === false) return [entry.path];
      const below = entry === undefined ? [] : filesBelow(files, entry.path);
      if (below.length > 0) return below;
    }
    return [];
  };
}

function filesBelow(files: FileMap, folder: string): readonly string[] {
  return listFolder(files, folder).flatMap(({ name, path, isFolder }) => {
    if (name.startsWith('.') || name.endsWith('~')) return [];
    const ending = extensionOf(name);
    if (isFolder) return ending === '' ? filesBelow(files, path) : [];
    return endings.includes(ending) ? [path] : [];
  });
}
