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
  'psrp.command-too-large': {
    blame: 'local',
    retry: 'never',
    message: (d) =>
      `A command with its input of ${show(d['bytes'])} bytes was not sent on: servers refuse more than ${show(d['maxBytes'])} bytes for one command`,
    hint: () => 'Split the input over several pipelines.',
  },
  'psrp.no-session-key': {
    blame: 'local',
    retry: 'never',
    message: () => 'A SecureString was not sent: this session has no key yet under which it could travel',
    hint: () => 'Exchange keys first (exchangeKeys of the runspace pool), then send it again.',
  },
  'psrp.unsupported': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `${show(d['action'])} needs PSRP ${show(d['needed'])}; the server speaks ${show(d['protocolVersion'])}`,
    hint: () => 'Update PowerShell on the host, or do without it there.',
  },
  'clixml.too-deep': {
    blame: 'local',
    retry: 'never',
    message: (d) => `A value was not sent: its objects are nested more than ${show(d['maxDepth'])} deep`,
    hint: () => 'Send a flatter value: leave out what the script does not need.',
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
