import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Files } from '../ports/files.ts';

/** More files than this below an inventory are a mistake (a home directory, a disk). */
const maxFiles = 5000;
const maxDepth = 8;
const beside = ['group_vars', 'host_vars', 'countersign.yml', 'countersign.yaml'];

/**
 * Reads everything an inventory source consists of: the file or folder itself and what lies beside it.
 *
 * @param sources - Paths that exist, as they shall appear in messages.
 * @returns Text by path; failures `file.*`, `inventory.too-many-files`.
 */
export function readInventoryTree(
  files: Files,
  cwd: string,
  sources: readonly string[],
): Result<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const source of sources) {
    const kind = files.kind(files.resolve(cwd, source));
    if (kind === 'missing') return err(failure('file.not-found', { path: source }));
    const roots = kind === 'directory' ? [source] : [source, ...beside.map((name) => besideOf(source, name))];
    for (const root of roots) {
      const read = readTree(files, cwd, root, 0, texts);
      if (!read.ok) return read;
    }
  }
  return ok(texts);
}

function besideOf(path: string, name: string): string {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  return cut === -1 ? name : `${path.slice(0, cut + 1)}${name}`;
}

function readTree(
  files: Files,
  cwd: string,
  path: string,
  depth: number,
  texts: Map<string, string>,
): Result<void> {
  const absolute = files.resolve(cwd, path);
  const kind = files.kind(absolute);
  if (kind === 'missing') return ok(undefined);
  if (kind === 'file') {
    if (texts.size >= maxFiles) return err(failure('inventory.too-many-files', { path, maxFiles }));
    const text = files.read(absolute);
    if (text.ok) texts.set(path, text.value);
    return text.ok ? ok(undefined) : text;
  }
  if (depth >= maxDepth) return ok(undefined);
  const names = files.list(absolute);
  if (!names.ok) return names;
  for (const name of names.value.filter((each) => !each.startsWith('.'))) {
    const read = readTree(files, cwd, `${path.replace(/[/\\]$/, '')}/${name}`, depth + 1, texts);
    if (!read.ok) return read;
  }
  return ok(undefined);
}
