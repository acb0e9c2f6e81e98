import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RsaKeyPair } from '../../../src/core/rsa-key-pair.ts';
import { nodeRsaKeys, rsaKeyPairOfJwk } from '../../../src/node/rsa-keys.ts';
import type { RsaKeys } from '../../../src/ports/rsa-keys.ts';
import type { Driver } from '../drivers.ts';
import { asMapping } from '../yaml-file.ts';

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

  constructor({ file, path, steps }: Driver) {
    const named = steps.map((step) => step.arguments['rsaKey']).find((key) => typeof key === 'string');
    const folder = path.slice(0, path.length - file.length);
    this.#file = named === undefined ? join(dirname(path), usualKey) : join(folder, named);
  }

  async generate(): Promise<RsaKeyPair> {
    const pair = readKey(this.#file) ?? (await nodeRsaKeys.generate());
    return {
      ...pair,
      decrypt: (ciphertext) => {
        const block = pair.decrypt(ciphertext);
        if (block !== undefined) this.sessionKey = Buffer.from(block.subarray(-32)).toString('hex');
        return block;
      },
    };
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
