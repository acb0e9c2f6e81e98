import type { Result } from '../core/result.ts';
import type { PipelineEvent } from '../wire/psrp/client-event.ts';
import type { PsrpClient } from '../wire/psrp/client.ts';
import { holdsSealedString } from '../wire/psrp/sealed-strings.ts';
import { ReadAhead } from './read-ahead.ts';

/** What a pipeline wrote: one record of one stream. */
export type PipelineRecord = Exclude<PipelineEvent, { readonly kind: 'pipeline-state' }>;

/** Records that wait for a slow reader, in bytes of their fragments; no Receive is sent beyond it. */
const maxUnreadBytes = 512 * 1024;

/** What one pipeline writes, in order, on its way to the reader. */
export class PipelineStream {
  readonly records = new ReadAhead<PipelineRecord>(maxUnreadBytes);
  readonly #sealed: { readonly record: PipelineRecord; readonly bytes: number }[] = [];

  /** Whether a SecureString that cannot be read yet holds up what comes behind it, so that the order stays. */
  get isSealed(): boolean {
    return this.#sealed.length > 0;
  }

  add(record: PipelineRecord, bytes: number): void {
    const isSealed = record.kind === 'output' && holdsSealedString(record.value);
    if (this.isSealed || isSealed) this.#sealed.push({ record, bytes });
    else this.records.push(record, bytes);
  }

  /** Servers encrypt with a key of their own, and tell it who asks. Without it the strings stay as they came. */
  async unseal(psrp: PsrpClient, exchangeKeys: () => Promise<Result<void>>): Promise<void> {
    await exchangeKeys();
    for (const { record, bytes } of this.#sealed.splice(0)) {
      const isOutput = record.kind === 'output';
      this.records.push(
        isOutput ? { ...record, value: psrp.openSealedStrings(record.value) } : record,
        bytes,
      );
    }
  }
}
