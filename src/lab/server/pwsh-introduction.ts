import { err } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { fragmentHeaderBytes, readFragmentHeader } from '../../wire/psrp/fragment.ts';
import { messageTypes } from '../../wire/psrp/message.ts';
import { PsrpServer } from '../../wire/psrp/server.ts';
import type { WsmanFault } from '../../wire/wsman/fault.ts';
import { pluginFault } from './faults.ts';

/**
 * Introduces a pool of a real PowerShell to a client that connects to it later: PowerShell's server mode knows no such
 * thing, since on Windows the plug-in between it and WinRM answers.
 */
export class PwshIntroduction {
  readonly #plugin = new PsrpServer({ psVersion: '', protocolVersion: '2.3', maxFragmentBytes: 32_768 });
  #privateData: readonly Uint8Array[] = [];

  /**
   * @param creationXml - What the first client opened the pool with.
   */
  constructor(creationXml: Uint8Array) {
    this.#plugin.receive(creationXml);
    this.#plugin.opened();
  }

  /** Sees what PowerShell says of the pool, and keeps what it says about itself. */
  watch(fragments: Uint8Array): void {
    const header = readFragmentHeader(fragments);
    const isWhole = header?.start === true && header.end;
    if (!isWhole || header.blobBytes < 8) return;
    const view = new DataView(fragments.buffer, fragments.byteOffset + fragmentHeaderBytes, header.blobBytes);
    // The type stands behind the destination, as u32 little-endian.
    if (view.getUint32(4, true) !== messageTypes['application-private-data']) return;
    this.#privateData = [fragments.slice(0, fragmentHeaderBytes + header.blobBytes)];
  }

  /** What the next client is told about the pool, after the answer to its Connect. */
  get privateData(): readonly Uint8Array[] {
    return this.#privateData;
  }

  /** The connectResponseXml for a connectXml. */
  answer(connectXml: Uint8Array): Result<Uint8Array, WsmanFault> {
    const answer = this.#plugin.connect(connectXml);
    return answer.ok ? answer : err(pluginFault(answer.error.message));
  }
}
