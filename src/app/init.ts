import { failure } from '../core/failure.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import type { Files } from '../ports/files.ts';
import { initTemplates } from './init-templates.ts';

/**
 * Writes a small inventory, a playbook and an example environment file into a folder.
 *
 * @returns The files written; failure `init.exists` (with nothing written) when one of them is there already.
 */
export function initProject(files: Files, cwd: string, directory: string): Result<readonly string[]> {
  const base = files.resolve(cwd, directory);
  const paths = Object.keys(initTemplates);
  const existing = paths.find((path) => files.exists(files.resolve(base, path)));
  if (existing !== undefined) return err(failure('init.exists', { path: `${directory}/${existing}` }));
  for (const [path, text] of Object.entries(initTemplates)) {
    const written = files.write(files.resolve(base, path), text);
    if (!written.ok) return written;
  }
  return ok(paths);
}
