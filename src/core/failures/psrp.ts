import type { FailureSpec } from '../failure-spec.ts';
import { show } from './show.ts';

/** PSRP messages and CLIXML. */
export const psrpFailures = {
  'psrp.fragment-size': {
    blame: 'local',
    retry: 'never',
    message: (d) => `A fragment of ${show(d['maxBytes'])} bytes cannot hold its header and one byte of data`,
  },
  'psrp.malformed': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `A PSRP message is malformed: ${show(d['reason'])}`,
  },
  'psrp.state': {
    blame: 'local',
    retry: 'never',
    message: (d) =>
      `${show(d['action'])} is not possible while the ${show(d['what'])} is ${show(d['state'])}`,
  },
  'psrp.pool-broken': {
    blame: 'remote',
    retry: 'later',
    message: (d) => `The runspace pool on ${show(d['host'])} broke: ${show(d['reason'])}`,
  },
  'psrp.too-large': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `A PSRP message is larger than ${show(d['maxBytes'])} bytes`,
  },
  'psrp.object-too-large': {
    blame: 'local',
    retry: 'never',
    message: (d) =>
      `An object or script of ${show(d['bytes'])} bytes was not sent: servers refuse more than ${show(d['maxBytes'])} bytes`,
    hint: () => 'Send it in parts.',
  },
  'clixml.malformed': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `CLIXML is malformed: ${show(d['reason'])}`,
  },
  'clixml.limit': {
    blame: 'remote',
    retry: 'never',
    message: (d) => `CLIXML exceeds the limit of ${show(d['limit'])}`,
  },
} as const satisfies Record<string, FailureSpec>;
