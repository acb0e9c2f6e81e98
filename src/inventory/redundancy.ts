import { err } from '../core/result.ts';
import { problem } from '../model/document.ts';
import type { Problem, Reading } from '../model/document.ts';
import type { RedundancySet } from '../model/inventory.ts';
import { RedundancyFile } from '../model/redundancy.ts';
import { readYaml } from '../model/yaml-source.ts';
import type { YamlSource } from '../model/yaml-source.ts';
import { zodProblems } from '../model/zod-problems.ts';
import { joinPath } from './files.ts';
import type { InputReader } from './input-reader.ts';
import { evaluatePattern } from './pattern.ts';
import type { PatternSubject } from './pattern.ts';
import { redundancyFileName } from './source-files.ts';

export interface ReadSets {
  readonly sets: readonly RedundancySet[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Reads `countersign.yml` beside each source; a set that matches no host is a problem. */
export function readRedundancySets(
  subject: PatternSubject,
  { reader, folders }: { readonly reader: InputReader; readonly folders: readonly string[] },
): ReadSets {
  const read: MutableSets = { sets: [], problems: [], warnings: [] };
  for (const folder of folders) {
    const source = reader.read(joinPath(folder, redundancyFileName), readRedundancyFile);
    if (source === undefined) continue;
    const { sets } = RedundancyFile.parse(source.value);
    for (const [index, set] of sets.entries()) addSet(set, { subject, source, index, read });
  }
  return read;
}

interface MutableSets {
  readonly sets: RedundancySet[];
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

interface SetPlace {
  readonly subject: PatternSubject;
  readonly source: YamlSource;
  readonly index: number;
  readonly read: MutableSets;
}

function addSet(set: RedundancyFile['sets'][number], { subject, source, index, read }: SetPlace): void {
  const at = source.positionOf(['sets', index]);
  const refuse = (reason: string) =>
    read.problems.push(problem(at, 'inventory.set', { set: set.name, reason }));
  if (read.sets.some(({ name }) => name === set.name)) refuse('another set has that name');
  const minAvailable = set.min_available ?? set.quorum;
  if (minAvailable === undefined || (set.min_available !== undefined && set.quorum !== undefined)) {
    refuse('give either min_available or quorum');
    return;
  }
  const match = evaluatePattern(subject, set.hosts);
  if (!match.ok) {
    const hostsAt = source.positionOf(['sets', index, 'hosts']);
    read.problems.push(problem(hostsAt, match.error.code, match.error.details));
    return;
  }
  const { hosts } = match.value;
  if (minAvailable > hosts.length) {
    refuse(`it wants ${minAvailable} healthy members and has ${hosts.length}`);
  } else if (minAvailable === hosts.length) {
    const reason = `all ${hosts.length} members must stay healthy, so none of them can ever reboot`;
    read.warnings.push(problem(at, 'inventory.set', { set: set.name, reason }));
  }
  read.sets.push({ name: set.name, pattern: set.hosts, hosts, minAvailable, from: { ...at } });
}

function readRedundancyFile(path: string, text: string): Reading<YamlSource> {
  const source = readYaml(text, path, { version: '1.2' });
  if (!source.ok) return source;
  const parsed = RedundancyFile.safeParse(source.value.value);
  if (parsed.success) return source;
  const known = (depth: number) => (depth === 0 ? ['sets'] : ['name', 'hosts', 'min_available', 'quorum']);
  return err(zodProblems(parsed.error.issues, source.value, (at) => known(at.length)));
}
