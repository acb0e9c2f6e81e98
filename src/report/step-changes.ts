import type { StateValue } from '../model/observation.ts';
import type { ReportedStep } from '../model/report.ts';

/** One field of a step that was, or was to be, changed. */
export interface FieldChange {
  readonly field: string;
  readonly before: string;
  /** As read afterwards; undefined when the step was not done. */
  readonly after: string | undefined;
  /** What was asked for; undefined for a field that changed along with others. */
  readonly wanted: string | undefined;
}

/** The fields that were written or differ afterwards; in the order in which the host names them. */
export function stepChanges({ before, wanted, after }: ReportedStep): FieldChange[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {}), ...Object.keys(wanted)]);
  return [...fields].flatMap((field) => {
    const isWanted = Object.hasOwn(wanted, field);
    const differs = after !== null && before?.[field] !== after[field];
    if (!isWanted && !differs) return [];
    return [
      {
        field,
        before: before === null ? 'not read' : valueText(before[field]),
        after: after === null ? undefined : valueText(after[field]),
        wanted: isWanted ? valueText(wanted[field]) : undefined,
      },
    ];
  });
}

function valueText(value: StateValue | undefined): string {
  return value === undefined ? 'not read' : String(value);
}
