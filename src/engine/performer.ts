import type { Intent } from '../model/intent.ts';
import type { IntentOutcome } from '../model/intent-outcome.ts';
import type { Dispatcher } from '../ports/dispatcher.ts';
import type { HostPorts } from './host-ports.ts';
import { performReboot } from './perform-reboot.ts';
import { performProbe, performVerify } from './perform-survey.ts';
import { performWrite } from './perform-write.ts';

/** Carries intents out on real hosts, each in sessions of its own. */
export function performer(ports: HostPorts): Dispatcher<Intent, IntentOutcome> {
  return {
    perform: (intent, signal) => {
      switch (intent.kind) {
        case 'probe-host':
          return performProbe(ports, intent, signal);
        case 'write-control':
          return performWrite(ports, intent, signal);
        case 'reboot-host':
          return performReboot(ports, intent, signal);
        case 'verify-host':
          return performVerify(ports, intent, signal);
        default:
          return intent satisfies never;
      }
    },
  };
}
