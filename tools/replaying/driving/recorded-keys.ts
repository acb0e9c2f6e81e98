import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RsaKeyPair } from '../../../src/core/rsa-key-pair.ts';
import { nodeRsaKeys, rsaKeyPairOfJwk } from '../../../src/node/rsa-keys.ts';
import type { RsaKeys } from '../../../src/ports/rsa-keys.ts';
import type { Driver } from '../drivers.ts';
import { asMapping, textUnder } from '../yaml-file.ts';
import type { Notes } from './notes.ts';

/** The key of all recordings in one folder, where a step names no other (INDEX.md §4). */
const usualKey = 'psrp-test-rsa-key.json';

/**
 * The keys of the client under replay: the key of the recording where there is one, so that the session keys of then
 * open what was said then; else new ones.
 */
export class RecordedKeys implements RsaKeys {
  /** The session key that the client got last, in hex. */
  sessionKey: string | undefined;
  readonly #file: string;
  readonly #notes: Notes;

  /** @param keyFile - A key to use in the place of the recording's. */
  constructor({ file, path, steps }: Driver, keyFile: string | undefined, notes: Notes) {
    const named = steps.map((step) => textUnder(step.arguments, 'rsaKey')).find((key) => key !== undefined);
    const folder = path.slice(0, path.length - file.length);
    this.#file = keyFile ?? (named === undefined ? join(dirname(path), usualKey) : join(folder, named));
    this.#notes = notes;
  }

  async generate(): Promise<RsaKeyPair> {
    const pair = readKey(this.#file) ?? (await this.#newKey());
    return {
      ...pair,
      decrypt: (ciphertext) => {
        const block = pair.decrypt(ciphertext);
        if (block !== undefined) this.sessionKey = Buffer.from(block.subarray(-32)).toString('hex');
        return block;
      },
    };
  }

  #newKey(): Promise<RsaKeyPair> {
    this.#notes.all.add(`${this.#file} is no RSA key, so that the client made a new one`);
    return nodeRsaKeys.generate();
  }
}

function readKey(file: string): RsaKeyPair | undefined {
  try {
    const jwk = asMapping(asMapping(JSON.parse(readFileSync(file, 'utf8')))?.['jwk']);
    return jwk === undefined ? undefined : rsaKeyPairOfJwk(jwk);
  } catch {
    return undefined;
  }
}
