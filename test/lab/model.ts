import type { JsonObject, JsonValue } from '../../src/core/json.ts';
import { toJson } from '../../src/core/ps-json.ts';
import { err, ok } from '../../src/core/result.ts';
import type { Result } from '../../src/core/result.ts';
import { formatInstant } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import { controlCatalog } from '../../src/controls/catalog.ts';
import type { WindowsEvent } from '../../src/lab/lab-log.ts';
import { ModelEngine } from '../../src/lab/model-engine.ts';
import type { ModelEngineOptions } from '../../src/lab/model-engine.ts';
import { SimulatedWindows } from '../../src/lab/windows/simulated-windows.ts';
import type { WindowsCase } from '../../src/model/windows-case.ts';
import type { WindowsState } from '../../src/model/windows-state.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { ScriptError } from '../../src/ports/session.ts';

/** A clock that a test sets. */
export class SetClock implements Clock {
  at: Instant;

  constructor(at: Instant) {
    this.at = at;
  }

  now(): Instant {
    return this.at;
  }

  async sleepUntil(at: Instant): Promise<void> {
    this.at = at;
  }
}

/** A Windows with the script engine in front of it. */
export interface Model {
  readonly clock: SetClock;
  readonly windows: SimulatedWindows;
  readonly engine: ModelEngine;
  readonly events: readonly WindowsEvent[];
}

/** A case as the model plays it. */
export function modelOf(
  windows: WindowsCase,
  at: Instant,
  changes: Partial<WindowsState> = {},
  options: Partial<ModelEngineOptions> = {},
): Model {
  const clock = new SetClock(at);
  const events: WindowsEvent[] = [];
  const machine = new SimulatedWindows(
    {
      ...windows,
      ...{ powershell: '5.1.17763.1', clockOffsetMs: 0, unrecordedPolicies: [], servicingBoots: 0 },
      ...{ policiesAppliedAt: formatInstant(at), shutdown: null },
      ...changes,
    },
    { clock },
  );
  const engine = new ModelEngine({
    ...{ windows: machine, catalog: controlCatalog, log: (event) => events.push(event) },
    ...options,
  });
  return { clock, windows: machine, engine, events };
}

/** Runs one script and gives the one object it emits. */
export async function runScript(
  { engine }: Pick<Model, 'engine'>,
  call: { readonly script: string; readonly parameters: Record<string, JsonValue> },
): Promise<Result<JsonObject, ScriptError>> {
  const output: JsonValue[] = [];
  const streams = {
    output: (value: Parameters<typeof toJson>[0]) => void output.push(toJson(value)),
    error: () => {},
    warning: () => {},
    verbose: () => {},
    drained: () => Promise.resolve(),
  };
  const ran = await engine.run({ ...call, user: 'CORP\\ops' }, streams, new AbortController().signal);
  return ran.ok ? ok(output[0] as JsonObject) : err(ran.error);
}
