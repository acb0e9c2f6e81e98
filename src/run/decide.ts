import type { Instant } from '../core/time.ts';
import type { EventDraft } from '../model/event.ts';
import { trippedBudget } from './budgets.ts';
import { concludeHosts } from './conclude.ts';
import type { Decision } from './decision.ts';
import { nextNeed, wasTouched } from './host-needs.ts';
import { nextIntents } from './next-intents.ts';
import { exitCodeOf, runCounts } from './outcomes.ts';
import type { Openings } from './openings.ts';
import { currentPhase, enteredHostPhases, policyOf } from './policy.ts';
import type { Policy } from './policy.ts';
import { decideStage } from './stages.ts';
import type { RunState } from './state.ts';
import { waitingEvent, wakeAt } from './waiting.ts';

/**
 * What to do at `now` in a run that stands at `state`: the whole policy, and a function of its arguments.
 *
 * A decision either records something (`events`), upon which the caller folds and asks again at once, or it starts
 * something (`intents`), or it says when to ask again. Reasons come first: hosts that have ended, then budgets, then
 * phases, waves, gates and soaks; so nothing starts on a state that forbids it.
 */
export function decide(state: RunState, now: Instant, openings: Openings): Decision {
  const policy = policyOf(state, now, openings);
  if (state.ended !== undefined) return { events: [], intents: [], waits: [] };
  const concluded = concludeHosts(policy);
  if (concluded.length > 0) return record(concluded);
  const trip = trippedBudget(policy);
  if (trip !== undefined) return record([trip]);
  const stage = decideStage(policy);
  if (stage !== undefined && 'event' in stage) return record([stage.event]);
  const ending = endOfRun(policy);
  if (ending !== undefined) return record([ending]);
  const { intents, waits: hostWaits } = nextIntents(policy);
  const waits = stage === undefined ? hostWaits : [stage.wait, ...hostWaits];
  if (intents.length === 0 && isQuiet(state)) {
    const waiting = waitingEvent(state, waits);
    if (waiting !== undefined) return record([waiting]);
  }
  const wake = wakeAt(waits);
  return { events: [], intents, waits, ...(wake === undefined ? {} : { wakeAt: wake }) };
}

const record = (events: readonly EventDraft[]): Decision => ({ events, intents: [], waits: [] });

/** Nothing in flight and nothing to see through: every host is either untouched, at a safe point, or done. */
export function isQuiet(state: RunState): boolean {
  if (state.inFlight.size > 0) return false;
  return enteredHostPhases(state).every((own) => {
    if (own.status === 'settling' || own.status === 'verifying') return false;
    const when = state.plan.phases.find(({ name }) => name === own.phase)?.reboot.when;
    return !(own.status === 'ready' && wasTouched(own) && nextNeed(own, when) === 'verify');
  });
}

function endOfRun({ state }: Policy): EventDraft | undefined {
  if (!isQuiet(state)) return undefined;
  const isThrough = currentPhase(state) === undefined;
  const isStopped = state.stance === 'stopped' || state.stance === 'aborted';
  if (!isThrough && !isStopped) return undefined;
  const end = state.stance === 'stopped' || state.stance === 'aborted' ? state.stance : 'finished';
  const exitCode = exitCodeOf({ ...state, ended: { at: state.at, state: end, exitCode: 0 } });
  return { type: 'run.ended', data: { state: end, counts: runCounts(state), exitCode } };
}
