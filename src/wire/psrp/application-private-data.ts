import { propertyOf, psDictionary, psRecord, textOf } from '../../core/ps-value.ts';
import type { PsValue } from '../../core/ps-value.ts';

const primitiveDictionary = [
  'System.Management.Automation.PSPrimitiveDictionary',
  'System.Collections.Hashtable',
  'System.Object',
];

/** What a server says of itself in APPLICATION_PRIVATE_DATA (MS-PSRP §2.2.2.13). */
export interface ApplicationPrivateData {
  /** `$PSVersionTable.PSVersion`; PowerShell 3.0 announces 2.0 here, so trust the protocol version more. */
  readonly psVersion: string | undefined;
  readonly psEdition: string | undefined;
  readonly data: PsValue;
}

export function decodeApplicationPrivateData(body: PsValue | undefined): ApplicationPrivateData {
  const data = propertyOf(body, 'ApplicationPrivateData') ?? null;
  const table = propertyOf(data, 'PSVersionTable');
  return {
    psVersion: textOf(propertyOf(table, 'PSVersion')),
    psEdition: textOf(propertyOf(table, 'PSEdition')),
    data,
  };
}

/** Writes the version table of a server. */
export function encodeApplicationPrivateData(psVersion: string, protocolVersion: string): PsValue {
  const table = psDictionary(
    [
      ['PSVersion', { kind: 'version', text: psVersion }],
      ['PSEdition', 'Desktop'],
      ['PSRemotingProtocolVersion', { kind: 'version', text: protocolVersion }],
      ['SerializationVersion', { kind: 'version', text: '1.1.0.1' }],
    ],
    primitiveDictionary,
  );
  return psRecord({ ApplicationPrivateData: psDictionary([['PSVersionTable', table]], primitiveDictionary) });
}
