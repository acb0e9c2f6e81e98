import { formatDuration, milliseconds, seconds } from '../../src/core/time.ts';
import { systemTimers } from '../../src/node/timers.ts';
import { entriesOf } from './host/entry.ts';
import { RecordedHost } from './host/recorded-host.ts';
import { formatDifference } from './difference.ts';
import type { DoorKind, OpenDoor } from './doors/door.ts';
import { openPlainDoor } from './doors/plain-door.ts';
import { openSealedDoor } from './doors/sealed-door.ts';
import type { Driver, Step } from './drivers.ts';
import { Stage } from './driving/stage.ts';
import type { StageOptions } from './driving/stage.ts';
import { perform } from './driving/perform.ts';
import type { Outcome } from './outcome.ts';
import { SourceProblem } from './source-problem.ts';
import { readRecording } from './recording.ts';
import { NotationProblem } from './values/notation.ts';

const doors: Readonly<Record<DoorKind, OpenDoor>> = { plain: openPlainDoor, sealed: openSealedDoor };

/** No step of a recording takes this long, unless the client or the host waits for something that never comes. */
const stepLimitSeconds = 20;
/** Once something is not as recorded, the client may try to get over it for as long as it likes, but nobody waits. */
const troubleGrace = milliseconds(500);

/**
 * Plays one recording through the real client.
 *
 * @param keyFile - The RSA key of the recorded client, where it is not the recording's own.
 */
export async function play(driver: Driver, door: DoorKind, keyFile?: string): Promise<Outcome> {
  const started = performance.now();
  const played = await playOrNot(driver, doors[door], keyFile);
  const milliseconds = performance.now() - started;
  return { file: driver.file, door, pass: played.reasons.length === 0, milliseconds, ...played };
}

async function playOrNot(driver: Driver, open: OpenDoor, keyFile: string | undefined): Promise<Played> {
  try {
    if (driver.problem !== undefined) throw driver.problem;
    const entries = entriesOf(readRecording(driver.path), driver.path);
    return await playEntries({ driver, entries, keyFile }, open);
  } catch (problem) {
    if (!(problem instanceof SourceProblem)) throw problem;
    return { reasons: [problem.message], habits: [], isUnreadable: true };
  }
}

type Played = Pick<Outcome, 'reasons' | 'habits' | 'isUnreadable'>;

async function playEntries(
  about: Pick<StageOptions, 'driver' | 'entries' | 'keyFile'>,
  open: OpenDoor,
): Promise<Played> {
  const host = new RecordedHost(about.entries);
  const door = await open(host);
  const stage = new Stage({ ...about, host, door });
  const reasons: string[] = [];
  for (const step of about.driver.steps) {
    reasons.push(...(await playStep(step, stage, host)));
    if (reasons.length > 0) break;
  }
  if (reasons.length === 0) reasons.push(...host.unfinished());
  if (reasons.length > 0) reasons.push(...stage.notes.all);
  host.close();
  stage.close();
  await door.close();
  return { reasons, habits: host.letPass(), isUnreadable: false };
}

/** What was not as expected in one step; the host's own findings come first, since they explain the others. */
async function playStep(step: Step, stage: Stage, host: RecordedHost): Promise<readonly string[]> {
  const named = (reason: string): string => `${step.verb} (${step.place}): ${reason}`;
  host.allow(step.messages[1]);
  const found = await withinLimit(step, stage, host);
  return [...host.problems, ...found].map(named);
}

async function withinLimit(step: Step, stage: Stage, host: RecordedHost): Promise<readonly string[]> {
  const over = new AbortController();
  const { signal } = over;
  const limit = seconds(stepLimitSeconds + stage.delaySeconds(step));
  const tooLong = systemTimers
    .sleep(limit, signal)
    .then(() => [`it did not end within ${formatDuration(limit)}`]);
  const inTrouble = host.trouble.then(() => systemTimers.sleep(troubleGrace, signal)).then(() => []);
  const found = await Promise.race([performed(step, stage), tooLong, inTrouble]);
  over.abort();
  return found;
}

async function performed(step: Step, stage: Stage): Promise<readonly string[]> {
  try {
    return (await perform(step, stage)).map(formatDifference);
  } catch (problem) {
    if (problem instanceof NotationProblem) return [problem.message];
    if (problem instanceof Error) return [`the client failed: ${problem.message}`];
    throw problem;
  }
}
