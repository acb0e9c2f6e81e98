import { describe } from 'vitest';

const isRequired = process.env['COUNTERSIGN_ORACLES'] === 'required';

/**
 * A group of tests that an independent implementation judges.
 *
 * Where it is missing they are skipped with a notice, or fail when COUNTERSIGN_ORACLES=required (as in CI).
 *
 * @param available - Whether the other implementation is installed here; asked once.
 */
export function oracle(name: string, available: () => boolean, tests: () => void): void {
  const isThere = available();
  if (!isThere && !isRequired) console.warn(`skipped: ${name} (not installed on this machine)`);
  if (!isThere && isRequired) throw new Error(`COUNTERSIGN_ORACLES=required, but there is no ${name}`);
  describe.skipIf(!isThere)(name, tests);
}
