import type { DoorKind } from './doors/door.ts';

/** How one recording came out behind one door. */
export interface Outcome {
  /** As `drivers.yaml` names it. */
  readonly file: string;
  readonly door: DoorKind;
  readonly pass: boolean;
  /** What was not as recorded, the first difference first; empty where all was. */
  readonly reasons: readonly string[];
  readonly milliseconds: number;
  /** The description or the recording could not be read, so that nothing was played. */
  readonly isUnreadable: boolean;
  /** Habits of the recorded client that ours does not share, and that were let pass by a rule. */
  readonly habits: readonly string[];
}

const marks = { pass: '✓', fail: '✗' } as const;

/** One line for a recording: how it came out behind each door, its name, and how long it took. */
export function formatRecording(outcomes: readonly Outcome[], isVerbose: boolean): string {
  const [first] = outcomes;
  if (first === undefined) return '';
  const results = outcomes.map(({ door, pass }) => `${pass ? marks.pass : marks.fail} ${door}`).join('  ');
  const milliseconds = Math.round(outcomes.reduce((sum, outcome) => sum + outcome.milliseconds, 0));
  const lines = [`${results}  ${first.file}  ${milliseconds} ms`];
  for (const { door, reasons, habits } of outcomes) {
    const shown = isVerbose ? reasons : reasons.slice(0, 1);
    lines.push(...shown.map((reason) => `    ${door}: ${reason}`));
    const more = reasons.length - shown.length;
    if (more > 0) lines.push(`    ${door}: … and ${more} more (--verbose)`);
    if (isVerbose) lines.push(...habits.map((habit) => `    ${door}: let pass: ${habit}`));
  }
  return lines.join('\n');
}

export function formatSummary(outcomes: readonly Outcome[]): string {
  const files = new Set(outcomes.map(({ file }) => file));
  const failed = new Set(outcomes.filter(({ pass }) => !pass).map(({ file }) => file));
  const plays = `${outcomes.length} plays`;
  return failed.size === 0
    ? `${files.size} recordings, ${plays}: all as recorded`
    : `${files.size} recordings, ${plays}: ${failed.size} ${failed.size === 1 ? 'recording' : 'recordings'} not as recorded`;
}

/** What a program reads: one result a recording; `reason` is the first difference, null where there is none. */
export function toJson(outcomes: readonly Outcome[]): object {
  const files = [...new Set(outcomes.map(({ file }) => file))];
  return {
    schema: 'countersign/replay@1',
    pass: outcomes.length > 0 && outcomes.every(({ pass }) => pass),
    results: files.map((file) =>
      resultOf(
        file,
        outcomes.filter((outcome) => outcome.file === file),
      ),
    ),
  };
}

function resultOf(file: string, outcomes: readonly Outcome[]): object {
  const failed = outcomes.find(({ pass }) => !pass);
  return {
    file,
    pass: failed === undefined,
    reason: failed === undefined ? null : `${failed.door}: ${failed.reasons[0] ?? ''}`,
    plays: outcomes.map(({ door, pass, reasons, milliseconds, habits }) => ({
      ...{ door, pass, reasons, habits },
      milliseconds: Math.round(milliseconds),
    })),
  };
}
