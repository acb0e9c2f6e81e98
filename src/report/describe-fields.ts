import type { ControlState } from '../model/observation.ts';

/** `enabled: false, audit: absent`: a state or parameters in one line. */
export function describeFields(fields: ControlState): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join(', ');
}
