import type { Control } from '../control/declaration.ts';
import { ControlState } from '../model/observation.ts';

/** The shape that a control's `get.ps1` must give: exactly its declared fields. */
export function stateSchema(control: Control) {
  const names = control.fields.map(({ name }) => name).sort();
  return ControlState.refine(
    (state) => JSON.stringify(Object.keys(state).sort()) === JSON.stringify(names),
    `expected exactly the fields ${names.join(', ')}`,
  );
}
