import { formatInstant, instant, minutes, parseInstant, plus, seconds } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import type { Chance } from '../../src/lab/prng.ts';
import type { Intent, RebootHost } from '../../src/model/intent.ts';
import type { IntentOutcome } from '../../src/model/intent-outcome.ts';
import { outcomeOf } from '../../src/engine/outcome-of.ts';
import type { World } from './world.ts';

/** Something that will happen in the world or to the controller; `gone` when its controller died before. */
export interface Happening {
  readonly at: Instant;
  /** Undefined for what the world does by itself. */
  readonly controller: number | undefined;
  readonly act: () => void;
}

export interface Outbox {
  /** For the world, whatever becomes of the controller. */
  readonly inWorld: (at: Instant, act: () => void) => void;
  /** For this controller only: lost when it dies. */
  readonly forMe: (at: Instant, act: () => void) => void;
  readonly settle: (intent: Intent, outcome: IntentOutcome) => void;
}

const waitForReboot = minutes(20);

/** Carries an intent out as the real performer would, with the world's delays. */
export function perform(
  world: World,
  intent: Intent,
  now: Instant,
  { chance, out }: { chance: Chance; out: Outbox },
): void {
  const arrives = plus(now, seconds(chance.between([0, 20])));
  const answers = plus(arrives, seconds(chance.between([0, 20])));
  switch (intent.kind) {
    case 'probe-host':
      out.forMe(answers, () => out.settle(intent, world.probe(intent, answers)));
      return;
    case 'verify-host':
      out.forMe(answers, () => out.settle(intent, world.verify(intent, answers)));
      return;
    case 'write-control': {
      let outcome = outcomeOf(intent, 'not-done', 'not arrived');
      out.inWorld(arrives, () => {
        outcome = world.write(intent, arrives);
      });
      out.forMe(answers, () => out.settle(intent, outcome));
      return;
    }
    case 'reboot-host': {
      // The partners are asked and the request is sent at one moment: what lies between them is not modelled.
      out.inWorld(arrives, () => {
        const unhealthy = world.unhealthy(intent, arrives);
        const answer = unhealthy.length > 0 ? 'unhealthy' : world.requestReboot(intent, arrives);
        out.forMe(arrives, () => afterRequest(world, intent, { answer, unhealthy, at: arrives }, out));
      });
      return;
    }
    default:
      intent satisfies never;
  }
}

type Answer = ReturnType<World['requestReboot']> | 'unhealthy';

function afterRequest(
  world: World,
  intent: RebootHost,
  { answer, unhealthy, at }: { answer: Answer; unhealthy: string[]; at: Instant },
  out: Outbox,
): void {
  if (answer === 'unhealthy') {
    out.settle(intent, { ...rebootOutcome(intent, 'not-done', 'partners'), unhealthy });
    return;
  }
  if (answer === 'unreachable') {
    out.settle(intent, outcomeOf(intent, 'unreachable', 'no answer'));
    return;
  }
  if (answer === 'late') {
    out.settle(intent, outcomeOf(intent, 'not-done', 'refused late'));
    return;
  }
  const requestedAt = answer === 'accepted' ? { requestedAt: formatInstant(at) } : {};
  watch(world, intent, { at, requestedAt, by: answer === 'accepted' ? 'countersign' : 'elsewhere' }, out);
}

function watch(
  world: World,
  intent: RebootHost,
  o: { at: Instant; requestedAt: { requestedAt?: string }; by: 'countersign' | 'elsewhere' },
  out: Outbox,
): void {
  const back = instant(Math.max(o.at, world.backAt(intent.host)));
  if (world.isUp(intent.host, back)) {
    out.forMe(back, () => {
      const bootAfter = world.boot(intent.host);
      const times = { ...o.requestedAt, backAt: formatInstant(back) };
      out.settle(intent, { ...rebootOutcome(intent, 'done', 'rebooted'), bootAfter, ...times, by: o.by });
    });
    return;
  }
  out.forMe(plus(o.at, waitForReboot), () =>
    out.settle(intent, { ...rebootOutcome(intent, 'unreachable', 'not back'), ...o.requestedAt }),
  );
}

function rebootOutcome(intent: RebootHost, result: IntentOutcome['result'], reason: string) {
  return { kind: 'reboot-host' as const, result, reason, bootBefore: intent.bootBefore };
}

/** Finds out what became of an intent of a dead controller, as the real reconciler would. */
export function reconcile(world: World, intent: Intent, now: Instant, outbox: Outbox): void {
  const out: Outbox = {
    ...outbox,
    settle: (settled, outcome) => outbox.settle(settled, { ...outcome, reconciled: true }),
  };
  if (intent.kind === 'probe-host' || intent.kind === 'verify-host') {
    out.forMe(now, () => out.settle(intent, outcomeOf(intent, 'not-done', 'reading is repeated')));
    return;
  }
  const answers = plus(now, seconds(5));
  if (intent.kind === 'write-control') {
    out.forMe(answers, () => {
      const isUp = world.isUp(intent.host, answers);
      out.settle(intent, isUp ? world.written(intent) : outcomeOf(intent, 'unknown', 'no answer'));
    });
    return;
  }
  const over = plus(parseInstant(intent.validUntil) ?? now, seconds(5));
  const look = (at: Instant): void => {
    const isOther = world.boot(intent.host).bootId !== intent.bootBefore.bootId;
    if (isOther) {
      const by = world.hasLogged(intent.host, intent.nonce) ? 'countersign' : 'elsewhere';
      const requestedAt = by === 'countersign' ? { requestedAt: formatInstant(at) } : {};
      watch(world, intent, { at, requestedAt, by }, out);
    } else if (!world.isUp(intent.host, at)) out.settle(intent, outcomeOf(intent, 'unknown', 'no answer'));
    else if (at > over) out.settle(intent, outcomeOf(intent, 'not-done', 'not requested'));
    else {
      const next = plus(at, seconds(10));
      out.forMe(next, () => look(next));
    }
  };
  out.forMe(answers, () => look(answers));
}
