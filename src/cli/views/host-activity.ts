import type { RunEvent } from '../../model/event.ts';

/** What a host is busy with after an event, in a few words; undefined where nothing changes on the screen. */
export function hostActivity(event: RunEvent): string | undefined {
  if (event.type === 'intent.recorded') {
    const { intent } = event.data;
    switch (intent.kind) {
      case 'probe-host':
        return 'surveying';
      case 'write-control':
        return `writing ${intent.control}`;
      case 'reboot-host':
        return 'rebooting';
      case 'verify-host':
        return 'verifying';
      default:
        return intent satisfies never;
    }
  }
  if (event.type !== 'intent.settled') return undefined;
  const { outcome } = event.data;
  if (outcome.result !== 'done') return `${outcome.result}: ${outcome.reason}`;
  return outcome.kind === 'reboot-host' ? 'back, settling' : 'waiting for its turn';
}
