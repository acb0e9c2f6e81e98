/**
 * A WS-Management fault, told apart by its numbers and names, never by its (localised) text.
 *
 * @see MS-WSMV §2.2.4.43 WSManFaultType https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-wsmv
 */
export interface WsmanFault {
  /** Unsigned 32-bit code of the innermost WSManFault, or `error_Code` of an MSFT_WmiError; undefined where none was sent. */
  readonly code: number | undefined;
  /** Local part of the SOAP subcode, such as `TimedOut`; empty where none was sent. */
  readonly subcode: string;
  /** Whose fault the SOAP code says it is. */
  readonly side: 'sender' | 'receiver';
  /** What the server said, in its language. */
  readonly reason: string;
}
