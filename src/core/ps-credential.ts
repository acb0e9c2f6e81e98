import { isPsObject, propertyOf, psObject, textOf } from './ps-value.ts';
import type { PsObject, PsValue } from './ps-value.ts';
import type { Secret } from './secret.ts';

/** A user name and a password, as `Get-Credential` gives them. */
export interface PsCredential {
  readonly userName: string;
  readonly password: Secret;
}

const typeName = 'System.Management.Automation.PSCredential';

/** A `PSCredential` as a script takes it; the password travels as a SecureString. */
export function psCredential({ userName, password }: PsCredential): PsObject {
  return psObject({
    typeNames: [typeName, 'System.Object'],
    text: typeName,
    adapted: new Map<string, PsValue>([
      ['UserName', userName],
      ['Password', { kind: 'secureString', secret: password }],
    ]),
  });
}

/** The user name and password of a `PSCredential`; undefined for anything else, and where no key opened the password. */
export function credentialOf(value: PsValue | undefined): PsCredential | undefined {
  if (!isPsObject(value) || !value.typeNames.some((name) => name.endsWith(typeName))) return undefined;
  const userName = textOf(propertyOf(value, 'UserName'));
  const password = secretOf(propertyOf(value, 'Password'));
  return userName === undefined || password === undefined ? undefined : { userName, password };
}

/** The secret of a SecureString; undefined for anything else. */
export function secretOf(value: PsValue | undefined): Secret | undefined {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return undefined;
  return value.kind === 'secureString' ? value.secret : undefined;
}
