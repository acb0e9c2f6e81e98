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

export interface RecordedMessage {
  request: string;
  response: string | null;
  [key: string]: unknown;
}

export interface Changes {
  /** Changes the description in place, and perhaps the messages with it. */
  readonly driver?: (entry: DriverEntry, messages: RecordedMessage[]) => void;
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
    driver?.(entry, content.messages);
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

/** Changes text inside the fragments of a message, whose lengths follow; every object must be one fragment. */
export function rewritePayload(message: RecordedMessage, from: string, to: string): void {
  const before = message.request;
  message.request = before.replace(
    /(<(?:creationXml|rsp:Arguments|rsp:Stream)[^>]*>)([^<]+)(<)/,
    (_all, open: string, payload: string, close: string) => {
      const bytes = Buffer.from(payload, 'base64');
      const parts: Buffer[] = [];
      for (let at = 0; at < bytes.length;) {
        const end = at + 21 + bytes.readUInt32BE(at + 17);
        const blob = Buffer.from(
          bytes
            .subarray(at + 21, end)
            .toString('latin1')
            .replaceAll(from, to),
          'latin1',
        );
        const header = Buffer.from(bytes.subarray(at, at + 21));
        header.writeUInt32BE(blob.length, 17);
        parts.push(header, blob);
        at = end;
      }
      return `${open}${Buffer.concat(parts).toString('base64')}${close}`;
    },
  );
  if (message.request === before) throw new Error(`there is no ${from}`);
}

/** Keeps some messages of a recording, and moves the ranges of its steps; steps without messages left go. */
export function keepMessages(entry: DriverEntry, messages: RecordedMessage[], kept: readonly number[]): void {
  const places = new Map(kept.map((index, place) => [index, place]));
  messages.splice(0, messages.length, ...kept.map((index) => messages[index]!));
  entry.steps = entry.steps.flatMap((step) => {
    const [first, last] = step['messages'] as [number, number];
    const inside = kept.filter((index) => index >= first && index <= last).map((index) => places.get(index)!);
    return inside.length === 0 ? [] : [{ ...step, messages: [inside[0], inside.at(-1)] }];
  });
}
