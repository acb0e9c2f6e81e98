/** The folder tree of the inventory: path (with `/`) → text. */
export type FileMap = ReadonlyMap<string, string>;

/** Windows' paths in the form that is used here. */
export function withSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}

export interface FolderEntry {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
}

/** The folder of a file; empty for a bare name. */
export function folderOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 0 ? '' : path.slice(0, Math.max(1, end));
}

/**
 * A path that a variable names, as seen from the working directory: one that is not absolute begins at the inventory's
 * folder, which for a file of `group_vars` or `host_vars` is the one that holds these.
 */
export function pathFrom(file: string, named: string): string {
  const path = withSlashes(named);
  if (/^(?:\/|~\/|[A-Za-z]:\/)/.test(path)) return path;
  return joinPath(folderOf(file).replace(/(?:^|\/)(?:group|host)_vars(?:\/.*)?$/, ''), path);
}

export function joinPath(folder: string, name: string): string {
  if (folder === '') return name;
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

/** `.yml` of `hosts.yml`; empty where there is none. A leading dot begins no extension. */
export function extensionOf(name: string): string {
  const start = name.lastIndexOf('.');
  return start <= 0 ? '' : name.slice(start);
}

/** What stands directly in a folder, by name in code-unit order; empty where there is no such folder. */
export function listFolder(files: FileMap, folder: string): readonly FolderEntry[] {
  const prefix = joinPath(folder, '');
  const entries = new Map<string, FolderEntry>();
  for (const path of files.keys()) {
    if (folder !== '' && !path.startsWith(prefix)) continue;
    const [name = '', ...deeper] = path.slice(prefix.length).split('/');
    if (name === '') continue;
    entries.set(name, { name, path: joinPath(folder, name), isFolder: deeper.length > 0 });
  }
  return [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
