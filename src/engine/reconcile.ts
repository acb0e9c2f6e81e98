import type { Intent, WriteControl } from '../model/intent.ts';
import { ok } from '../core/result.ts';
import type { IntentOutcome } from '../model/intent-outcome.ts';
import type { Dispatcher } from '../ports/dispatcher.ts';
import type { OpenIntent } from './engine-ports.ts';
import { lookOnce } from './host-access.ts';
import type { HostPorts } from './host-ports.ts';
import { failureRecord, outcomeOf } from './outcome-of.ts';
import { reconciledWrite } from './perform-write.ts';
import { readControl } from './read-control.ts';
import { reconcileReboot } from './reconcile-reboot.ts';
import { nextPause } from './watch-reboot.ts';

/** Looks at a host whose write is in doubt, before it is left to a person. */
const looks = 6;

/** Finds out what became of an intent whose controller died; reads only, whatever it finds. */
export function reconciler(ports: HostPorts): Dispatcher<OpenIntent, IntentOutcome> {
  return {
    perform: async ({ intent, at }, signal) => {
      switch (intent.kind) {
        case 'probe-host':
        case 'verify-host':
          return { ...outcomeOf(intent, 'not-done', 'reading is repeated'), reconciled: true };
        case 'write-control':
          return reconcileWrite(ports, intent, signal);
        case 'reboot-host':
          return reconcileReboot(ports, { intent, at }, signal);
        default:
          return intent satisfies never;
      }
    },
  };
}

async function reconcileWrite(
  ports: HostPorts,
  intent: WriteControl & Intent,
  signal: AbortSignal,
): Promise<IntentOutcome> {
  let pause = nextPause(undefined);
  for (let tries = 1; ; tries++) {
    const found = await lookOnce(ports, intent.host, signal, async (seen, session, bounded) => {
      const after = await readControl(ports, session, intent.control, bounded);
      return after.ok ? ok({ after: after.value, seen }) : after;
    });
    if (found.ok) return reconciledWrite(ports, intent, found.value);
    if (tries >= looks || signal.aborted) {
      const reason = `whether ${intent.control} was written cannot be told: ${found.error.message}`;
      return {
        ...outcomeOf(intent, 'unknown', reason),
        failure: failureRecord(found.error),
        reconciled: true,
      };
    }
    await ports.timers.sleep(pause, signal);
    pause = nextPause(pause);
  }
}
