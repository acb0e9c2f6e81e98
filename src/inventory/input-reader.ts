import type { Problem, Reading } from '../model/document.ts';
import type { YamlSource } from '../model/yaml-source.ts';
import type { FileMap } from './files.ts';
import type { InputFile } from './inventory.ts';

/** Reads each file once, and remembers which took part and what was wrong in them. */
export class InputReader {
  readonly files: FileMap;
  readonly problems: Problem[] = [];
  readonly warnings: Problem[] = [];
  readonly #read = new Map<string, { readonly text: string; readonly source: YamlSource | undefined }>();

  constructor(files: FileMap) {
    this.files = files;
  }

  /** In the order in which they were read first. */
  get inputs(): readonly InputFile[] {
    return [...this.#read].map(([path, { text }]) => ({ path, text }));
  }

  /** The document; undefined where there is no such file, or where it is broken (its problems are kept). */
  read(path: string, parse: (path: string, text: string) => Reading<YamlSource>): YamlSource | undefined {
    const known = this.#read.get(path);
    if (known !== undefined) return known.source;
    const text = this.files.get(path);
    if (text === undefined) return undefined;
    const reading = parse(path, text);
    if (reading.ok) this.warnings.push(...reading.value.warnings);
    else this.problems.push(...reading.error);
    const source = reading.ok ? reading.value : undefined;
    this.#read.set(path, { text, source });
    return source;
  }
}
