/**
 * The VERSION that our messages carry: Windows 10.0.17763, NTLM revision 15. It only informs debuggers, but some
 * acceptors look for the revision.
 *
 * @see MS-NLMP §2.2.2.10
 */
export const ntlmVersion: Uint8Array = Uint8Array.of(10, 0, 0x63, 0x45, 0, 0, 0, 15);
export const versionBytes = 8;
