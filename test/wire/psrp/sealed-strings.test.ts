import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretOf } from '../../../src/core/ps-credential.ts';
import { psDictionary, psList, psObject, psRecord } from '../../../src/core/ps-value.ts';
import type { PsObject, PsValue } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { holdsSealedString, openSealedStrings } from '../../../src/wire/psrp/sealed-strings.ts';
import { SessionKey, sessionKeyPaddingBytes } from '../../../src/wire/psrp/session-key.ts';
import { anyValue } from '../clixml/values.ts';
import { deliver, eventsOf, openPair, testKeyPair } from './roles.ts';

const bytes = new Uint8Array(32).fill(3);
const key = new SessionKey(bytes);
const sealed = (text: string): PsValue => ({
  kind: 'encryptedString',
  text: key.encrypt(new Secret(text)),
});

describe('SecureStrings that came before the key', () => {
  test.each<[string, (value: PsValue) => PsValue]>([
    ['alone', (value) => value],
    ['in a list', (value) => psList([1, value])],
    ['as a key of a dictionary', (value) => psDictionary([[value, 1]])],
    ['as an entry of a dictionary', (value) => psDictionary([['a', value]])],
    ['as an extended property', (value) => psRecord({ a: 1, b: value })],
    ['as an adapted property', (value) => psObject({ adapted: new Map([['p', value]]) })],
    ['with properties of its own', (value) => psObject({ base: value })],
    ['deep inside', (value) => psList([psRecord({ a: psList([value]) })])],
  ])('are found and opened: %s', (_, hold) => {
    const value = hold(sealed('s'));

    const opened = openSealedStrings(value, key);

    expect(holdsSealedString(value)).toBe(true);
    expect(holdsSealedString(opened)).toBe(false);
    expect(JSON.stringify(opened, plain)).toBe(JSON.stringify(hold({ kind: 'char', code: 115 }), plain));
  });

  test('are looked for once in an object that holds itself, which is the same afterwards', () => {
    const items: PsValue[] = [sealed('s')];
    const cyclic = psList(items);
    items.push(cyclic);
    expect(holdsSealedString(psList([psList([])]))).toBe(false);

    const opened = openSealedStrings(cyclic, key) as PsObject;

    const [first, itself] = opened.container?.kind === 'list' ? opened.container.items : [];
    expect(secretOf(first)?.reveal()).toBe('s');
    expect(itself).toBe(opened);
    items.shift();
    expect(holdsSealedString(cyclic)).toBe(false);
  });

  test('are found and opened at the end of a chain of references that no recursion could follow', () => {
    let chain = psRecord({ a: sealed('s') });
    for (let length = 0; length < 30_000; length += 1) chain = psRecord({ a: chain });

    const opened = openSealedStrings(chain, key);

    expect(holdsSealedString(chain)).toBe(true);
    expect(holdsSealedString(opened)).toBe(false);
  });

  test('of another key stay as they came', () => {
    const value: PsValue = { kind: 'encryptedString', text: 'QUJD' };

    expect(openSealedStrings(value, key)).toEqual(value);
  });

  test('are all that changes', () => {
    const withoutSealed = anyValue.filter((value) => !holdsSealedString(value));
    fc.assert(
      fc.property(withoutSealed, (value) => {
        expect(openSealedStrings(value, key)).toEqual(value);
      }),
    );
  });

  test('can be opened by a client once it has the key', () => {
    const { client, server } = openPair();
    expect(client.openSealedStrings(sealed('s'))).toEqual(sealed('s'));

    for (const fragment of unwrap(client.exchangeKeys(testKeyPair))) unwrap(server.receive(fragment));
    eventsOf(server);
    unwrap(server.sendSessionKey(bytes, new Uint8Array(sessionKeyPaddingBytes).fill(1)));
    deliver(server, client);

    expect(secretOf(client.openSealedStrings(sealed('s')))?.reveal()).toBe('s');
  });
});

/** Shows maps, and opened secrets as the character that stands for them. */
function plain(_: string, value: unknown): unknown {
  if (value instanceof Map) return [...value];
  const isSecret = typeof value === 'object' && value !== null && 'secret' in value;
  return isSecret ? { kind: 'char', code: 115 } : value;
}
