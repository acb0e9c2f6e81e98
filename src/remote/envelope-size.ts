/** MaxEnvelopeSize of WinRM before Windows 8, which every server takes. */
const smallEnvelopeBytes = 153_600;
/** MaxEnvelopeSize since Windows 8. */
const largeEnvelopeBytes = 512_000;
/** Headers and markup of a Command or Send. */
const envelopeOverheadBytes = 2048;

/** The largest envelope that a host takes; one for all connections to it. */
export class EnvelopeSize {
  #maxBytes = smallEnvelopeBytes;

  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** Largest payload of one Command or Send, before base64. */
  get maxPayloadBytes(): number {
    return Math.floor(((this.#maxBytes - envelopeOverheadBytes) * 3) / 4);
  }

  /** Once the server has shown that it is no older than Windows 8. */
  useLarge(): void {
    this.#maxBytes = largeEnvelopeBytes;
  }
}
