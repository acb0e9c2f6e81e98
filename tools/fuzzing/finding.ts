/** An input that a decoder did not bear. */
export interface Finding {
  readonly target: string;
  /** `throw` includes broken contracts; `slow` is CPU time; `hang` and `memory` ended the worker. */
  readonly kind: 'throw' | 'slow' | 'hang' | 'memory';
  /** What happened, in a line or with a stack. */
  readonly what: string;
  readonly input: Uint8Array;
}

/** Findings with the same key are one bug: kind, message without its numbers, and the place that threw. */
export function keyOf({ target, kind, what }: Finding): string {
  const lines = what.split('\n');
  const place = lines.find((line) => line.includes('/src/')) ?? '';
  return [target, kind, (lines[0] ?? '').replaceAll(/\d+/g, 'n').slice(0, 80), place.trim()].join('|');
}
