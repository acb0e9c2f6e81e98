import type { Result } from '../core/result.ts';

/** The file system, as far as use cases need it. Failures: `file.not-found`, `file.read`, `file.write`. */
export interface Files {
  read(path: string): Result<string>;
  /** Creates missing folders; replaces the file in one step. A private file is its owner's alone to read. */
  write(path: string, content: string, options?: { readonly private: boolean }): Result<void>;
  exists(path: string): boolean;
  kind(path: string): 'file' | 'directory' | 'missing';
  /** Names in a folder, sorted by code unit. */
  list(path: string): Result<readonly string[]>;
  /** `path` seen from `base`, as an absolute path. */
  resolve(base: string, path: string): string;
}
