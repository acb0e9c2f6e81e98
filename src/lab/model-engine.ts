import type { JsonObject, JsonValue } from '../core/json.ts';
import { fromJson } from '../core/ps-json.ts';
import { psCustomObject } from '../core/ps-value.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { framedScriptName, lateErrorId } from '../core/script-frame.ts';
import { parseInstant, seconds } from '../core/time.ts';
import type { Duration } from '../core/time.ts';
import type { ControlCatalog } from '../control/declaration.ts';
import type { RebootAnswer } from '../model/script-results.ts';
import type { ScriptError } from '../ports/session.ts';
import type { WindowsEvent } from './lab-log.ts';
import { getControl, setControl } from './scripts/controls.ts';
import { facts, readiness, rights } from './scripts/probes.ts';
import { rebootEvidence, requestReboot } from './scripts/reboots.ts';
import { badArguments, commandNotFound, thrown } from './scripts/script-errors.ts';
import type { ScriptCall, ScriptEngine, ScriptStreams } from './server/script-engine.ts';
import type { SimulatedWindows } from './windows/simulated-windows.ts';

export interface ModelEngineOptions {
  readonly windows: SimulatedWindows;
  readonly catalog: ControlCatalog;
  readonly log?: (event: WindowsEvent) => void;
  /** Windows agreed to restart after this delay; called once for each agreement. */
  readonly onShutdown?: (delay: Duration) => void;
  /** What a broken host throws in place of running the script; undefined where it runs. */
  readonly sabotage?: (script: string) => string | undefined;
  /** Called after a script has run; true when its answer is lost on the way. */
  readonly losesAnswer?: (script: string) => boolean;
}

type Answer = Result<JsonObject, ScriptError>;

/** Answers our scripts, known by name, from a simulated Windows; it runs no PowerShell. */
export class ModelEngine implements ScriptEngine {
  readonly #options: ModelEngineOptions;

  constructor(options: ModelEngineOptions) {
    this.#options = options;
  }

  async run(
    call: ScriptCall,
    streams: ScriptStreams,
    signal: AbortSignal,
  ): Promise<Result<void, ScriptError>> {
    const name = framedScriptName(call.script) ?? '';
    const answer = this.#answer(name, call);
    if (this.#options.losesAnswer?.(name) === true) await aborted(signal);
    if (!answer.ok) return answer;
    streams.output(psCustomObject(members(answer.value)));
    return ok(undefined);
  }

  #answer(name: string, call: ScriptCall): Answer {
    const { windows, sabotage } = this.#options;
    // Everything of ours asks for CIM, which PowerShell 2.0 does not have.
    if (windows.state.powershell.startsWith('2.')) return err(commandNotFound('Get-CimInstance'));
    const broken = sabotage?.(name);
    if (broken !== undefined) return err(thrown(broken));
    const args = asObject(call.parameters['Arguments']);
    switch (name) {
      case 'survey/facts':
        return ok(facts(windows));
      case 'survey/readiness':
        return ok(readiness(windows));
      case 'survey/rights':
        return ok(rights(windows));
      case 'engine/reboot-evidence':
        return ok(rebootEvidence(windows, args));
      case 'engine/reboot-request':
        return this.#inTime(name, call, () => ok(this.#requestReboot(args, call.user)));
      default:
        return this.#control(name, call);
    }
  }

  #control(name: string, call: ScriptCall): Answer {
    const [, id = '', verb] = /^controls\/([^/]+)\/(get|set)$/.exec(name) ?? [];
    const control = this.#options.catalog.get(id);
    if (control === undefined) return err(commandNotFound(name === '' ? firstWord(call.script) : name));
    const { windows, log } = this.#options;
    if (verb === 'get') return ok(getControl(windows, control));
    return this.#inTime(name, call, () => {
      const set = setControl(windows, control, call.parameters['Arguments']);
      if (set.ok) log?.({ event: 'write', control: id, fields: set.value.changed });
      return set;
    });
  }

  /** The host itself refuses what reaches it too late, by its own clock. */
  #inTime(name: string, call: ScriptCall, write: () => Answer): Answer {
    const { ValidUntil: given } = call.parameters;
    const text = typeof given === 'string' ? given : '';
    const limit = parseInstant(text);
    if (limit === undefined)
      return err(badArguments(`String '${text}' was not recognized as a valid DateTime.`));
    if (this.#options.windows.now() <= limit) return write();
    this.#options.log?.({ event: 'refused-late', script: name, validUntil: text });
    return err(thrown(lateErrorId));
  }

  #requestReboot(args: JsonObject, user: string): RebootAnswer {
    const answer = requestReboot(this.#options.windows, args, user);
    const comment = this.#options.windows.state.shutdown?.comment;
    if (answer.accepted && comment !== undefined) {
      this.#options.log?.({ event: 'shutdown', comment });
      this.#options.onShutdown?.(seconds(Number(args['DelaySeconds'] ?? 0)));
    }
    return answer;
  }
}

function members(value: JsonObject) {
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === undefined ? [] : [[name, fromJson(member)] as const],
    ),
  );
}

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** What PowerShell would stumble over in a text that has no name. */
function firstWord(script: string): string {
  return /\S+/.exec(script)?.[0].slice(0, 80) ?? '';
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
