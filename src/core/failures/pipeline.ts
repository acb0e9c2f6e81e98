import type { FailureSpec } from '../failure-spec.ts';
import { show } from './show.ts';

/** Runspace pools, pipelines and processes, as users of the WinRM client see them. */
export const pipelineFailures = {
  'pipeline.outcome-unknown': {
    blame: 'network',
    retry: 'never',
    message: (d) =>
      `What became of ${show(d['what'])} on ${show(d['host'])} is unknown: it was sent, and then ${show(d['reason'])}`,
    hint: () =>
      'It may have run, partly or wholly, and may still run: look at the host before it is repeated. Only what does no harm twice may simply be run again.',
  },
  'pipeline.timeout': {
    blame: 'remote',
    retry: 'later',
    message: (d) =>
      d['limit'] === 'inactivity'
        ? `${show(d['what'])} on ${show(d['host'])} gave no sign of life for ${show(d['after'])}`
        : `${show(d['what'])} on ${show(d['host'])} did not finish within ${show(d['after'])}`,
    hint: (d) =>
      d['stopped'] === true
        ? 'It was stopped there. Part of its work may be done.'
        : 'The host did not say that it stopped: look at it before it is run again.',
  },
  'pipeline.output-limit': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `The output of a pipeline on ${show(d['host'])} is larger than the ${show(d['maxBytes'])} bytes that were allowed; it was cut off there and the pipeline stopped`,
    hint: () => 'Raise maxOutputBytes, read record by record, or let the script select less.',
  },
  'pipeline.scripts-not-allowed': {
    blame: 'user',
    retry: 'never',
    message: (d) =>
      `The session configuration ${show(d['configuration'])} of ${show(d['host'])} allows no scripts (language mode NoLanguage): ${show(d['reason'])}`,
    hint: () =>
      "Call the endpoint's commands by name instead: pool.command('Get-Service', { Name: 'spooler' }); pool.getCommandMetadata() lists them.",
  },
  'pool.key-timeout': {
    blame: 'remote',
    retry: 'later',
    message: (d) => `${show(d['host'])} sent no session key within ${show(d['after'])}`,
    hint: () =>
      'Without a key no SecureString can travel. Open a new pool, and look at the load of the host.',
  },
  'pool.request-refused': {
    blame: 'remote',
    retry: 'never',
    message: (d) =>
      `The runspace pool on ${show(d['host'])} refused ${show(d['request'])} ${show(d['count'])}`,
    hint: () =>
      'The minimum must be at least 1 and at most the maximum; the session configuration may set limits of its own.',
  },
} as const satisfies Record<string, FailureSpec>;
