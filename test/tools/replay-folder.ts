import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { DoorKind } from '../../tools/replaying/doors/door.ts';
import { readDrivers } from '../../tools/replaying/drivers.ts';
import type { Outcome } from '../../tools/replaying/outcome.ts';
import { play } from '../../tools/replaying/play.ts';
import { sharedPath } from '../support/shared.ts';

/** One entry of `drivers.yaml`; its notation has no types, so that tests may change anything in it. */
export interface DriverEntry {
  file: string;
  steps: Loose[];
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Loose = Record<string, any>;

interface RecordedMessage {
  request: string;
  response: string | null;
  [key: string]: unknown;
}

export interface Changes {
  /** Changes the description in place. */
  readonly driver?: (entry: DriverEntry) => void;
  /** Changes the recorded messages in place. */
  readonly recording?: (messages: RecordedMessage[]) => void;
}

/** Runs `act` with a folder of one recording, whose copy and description may be changed; it is gone afterwards. */
export async function inFolder<T>(
  name: string,
  { driver, recording }: Changes,
  act: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-replay-'));
  try {
    const all = parse(readFileSync(sharedPath('fixtures/drivers.yaml'), 'utf8')) as DriverEntry[];
    const entry = all.find(({ file }) => file.endsWith(`/${name}.yml`))!;
    const recorded = readFileSync(sharedPath(`fixtures/${entry.file}`), 'utf8');
    const content = parse(recorded, { version: '1.1' }) as { messages: RecordedMessage[] };
    driver?.(entry);
    recording?.(content.messages);
    mkdirSync(join(folder, dirname(entry.file)), { recursive: true });
    writeFileSync(join(folder, 'drivers.yaml'), stringify([entry]));
    writeFileSync(join(folder, entry.file), stringify(content, { version: '1.1', lineWidth: 0 }));
    writeFileSync(
      join(folder, dirname(entry.file), keyFile),
      readFileSync(sharedPath(`fixtures/winrm-exchanges/${keyFile}`)),
    );
    return await act(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const keyFile = 'psrp-test-rsa-key.json';

/** Plays a changed recording. */
export function playChanged(name: string, changes: Changes, door: DoorKind = 'plain'): Promise<Outcome> {
  return inFolder(name, changes, (folder) => play(readDrivers(folder)[0]!, door));
}

/** The arguments and expectations of the first step with a verb. */
export function stepOf(entry: DriverEntry, verb: string): Loose {
  const step = entry.steps.find((candidate) => verb in candidate);
  if (step === undefined) throw new Error(`no step ${verb}`);
  return step;
}
