import type { HostEvent } from './server/host-event.ts';

/** What happened inside a simulated Windows. */
export type WindowsEvent =
  | {
      readonly event: 'write';
      readonly control: string;
      /** Fields that really changed. */
      readonly fields: readonly string[];
    }
  /** Somebody asked for a restart and Windows agreed. */
  | { readonly event: 'shutdown'; readonly comment: string }
  | { readonly event: 'reboot'; readonly bootTime: string; readonly bootId: number | null }
  /** A write that came after its `ValidUntil`. */
  | { readonly event: 'refused-late'; readonly script: string; readonly validUntil: string };

/** One line of the lab's log (contract.md §1, `lab --log`). */
export type LabLogEntry = { readonly at: string; readonly host: string } & (WindowsEvent | HostEvent);

export type LabLog = (entry: LabLogEntry) => void;
