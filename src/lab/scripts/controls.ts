import { err, ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import type { Control, StateField } from '../../control/declaration.ts';
import { ControlState } from '../../model/observation.ts';
import type { WriteResult } from '../../model/script-results.ts';
import type { ScriptError } from '../../ports/session.ts';
import type { SimulatedWindows } from '../windows/simulated-windows.ts';
import { waitsForRestart, writeSource } from '../windows/write-source.ts';
import { badArguments, thrown } from './script-errors.ts';

/** What the `get.ps1` of any control gives. */
export function getControl(windows: SimulatedWindows, { fields }: Control): ControlState {
  return Object.fromEntries(fields.map(({ name, source }) => [name, windows.read(source)]));
}

/** What the `set.ps1` of any control does: all of the change, or what came before the field that Windows refused. */
export function setControl(
  windows: SimulatedWindows,
  control: Control,
  change: unknown,
): Result<WriteResult, ScriptError> {
  const wanted = ControlState.safeParse(change);
  if (!wanted.success) return err(badArguments('Arguments is not a table of plain values.'));
  const before = getControl(windows, control);
  for (const { name, source } of inWritingOrder(control.fields, wanted.data)) {
    const value = wanted.data[name];
    if (value === undefined) continue;
    const written = writeSource(windows.state, source, value);
    if (!written.ok) return err(thrown(written.error));
    windows.update(() => written.value);
  }
  const after = getControl(windows, control);
  const asked = control.fields.filter(({ name }) => name in wanted.data);
  const changed = asked.filter(({ name }) => before[name] !== after[name]);
  const told = asked.some(({ source }) => source.kind === 'smb-server-configuration');
  return ok({
    changed: changed.map(({ name }) => name),
    restartNeeded: changed.some(({ source }) => waitsForRestart(source, told)),
  });
}

/** A dependency goes before the driver is disabled, and comes back after it is enabled. */
function inWritingOrder(fields: readonly StateField[], wanted: ControlState): readonly StateField[] {
  const rank = ({ name, source }: StateField): number =>
    source.kind !== 'service-dependency' ? 1 : wanted[name] === false ? 0 : 2;
  return fields.toSorted((a, b) => rank(a) - rank(b));
}
