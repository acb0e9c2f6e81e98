import type { z } from 'zod';
import type { Assessment } from '../model/compliance.ts';
import type { Facts } from '../model/facts.ts';
import type { ControlState } from '../model/observation.ts';

export type { Assessment } from '../model/compliance.ts';
export type { Facts } from '../model/facts.ts';
export type { ControlState } from '../model/observation.ts';

/**
 * Where a state field is read on Windows. The scripts read it so; the lab's model of Windows answers from the same.
 *
 * Every source answers `unsupported` where the host lacks the cmdlet, the property or the class that would tell, and
 * `absent` where it can tell that there is no such value.
 */
export type FieldSource =
  | { readonly kind: 'smb-server-configuration'; readonly property: string }
  | { readonly kind: 'smb-client-configuration'; readonly property: string }
  | { readonly kind: 'registry'; readonly key: string; readonly value: string }
  /** `State` of an optional feature by its enum name; `absent` where Windows does not know the feature. */
  | { readonly kind: 'feature'; readonly name: string }
  /** `InstallState` of a server role feature by its enum name. */
  | { readonly kind: 'windows-feature'; readonly name: string }
  /** Whether a service or driver must start before another; `absent` where the other does not exist. */
  | { readonly kind: 'service-dependency'; readonly service: string; readonly on: string }
  /** The group policy object that sets a registry value (RSoP winner): its name, or `absent`. */
  | { readonly kind: 'policy-name'; readonly key: string; readonly value: string }
  /** The value which that policy sets, or `absent`. */
  | { readonly kind: 'policy-value'; readonly key: string; readonly value: string };

/** One field of a control's state. */
export interface StateField {
  readonly name: string;
  readonly source: FieldSource;
}

/** Parameters of a control as the playbook gives them, after its schema. */
export type ControlParams = Readonly<Record<string, boolean | number | string>>;

/**
 * What a control is: a declaration plus two scripts beside it, `get.ps1` (reads `fields`) and `set.ps1` (takes the
 * fields of `Assessment.change` in `$Arguments`, and gives `{ changed: [field…], restartNeeded: bool }`).
 */
export interface Control {
  /** Folder name and key in the playbook. */
  readonly id: string;
  readonly title: string;
  /** One sentence for operators: what it does and what it can break. */
  readonly summary: string;
  readonly params: z.ZodType<ControlParams>;
  readonly fields: readonly StateField[];
  /** Pure judgement; never asks for a change that weakens the host. */
  assess(state: ControlState, wanted: ControlParams, facts: Facts): Assessment;
}

/** All controls by id. */
export type ControlCatalog = ReadonlyMap<string, Control>;
