import { join } from 'node:path';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { Secret } from '../../../src/core/secret.ts';
import type { Target } from '../../../src/core/target.ts';
import { seconds } from '../../../src/core/time.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { createSystemKerberos } from '../../../src/node/gssapi/kerberos.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import type { Kerberos } from '../../../src/ports/kerberos.ts';
import { AuthConnection } from '../../../src/remote/connection.ts';
import { loopbackTarget } from '../../support/target.ts';
import { wrapExchanges } from '../../support/wrapped-connector.ts';
import { findPython, startPython } from '../ntlm/acceptor.ts';
import type { GssAcceptor } from '../ntlm/acceptor.ts';
import { hasKdc, realm, startKdc } from './kdc.ts';
import type { Kdc } from './kdc.ts';

export const password = new Secret('Pä$wörd 日本');
export const user = `ops@${realm}`;
export const limits = { timeout: seconds(20), maxResponseBytes: 4_000_000 };
export const signal = new AbortController().signal;
export const text = (value: string): Uint8Array => new TextEncoder().encode(value);
export const hasRealm = (): boolean => hasKdc() && findPython() !== undefined;

type Environment = Readonly<Record<string, string>>;

/** A realm with an account and three services, for the tests of a group; acceptors and connections end with it. */
export class TestRealm {
  readonly #acceptors = new Map<string, GssAcceptor>();
  readonly #connections: AuthConnection[] = [];
  #kdc: Kdc | undefined;
  #kerberos: Kerberos | undefined;

  constructor() {
    beforeAll(async () => {
      const kdc = await startKdc();
      kdc.addPrincipal('ops', { password: password.reveal() });
      kdc.addPrincipal('host/localhost');
      kdc.addPrincipal('aes128/localhost', { encryption: 'aes128-cts:normal' });
      kdc.addPrincipal('sha384/localhost', { encryption: 'aes256-sha2:normal' });
      kdc.exportKeys('host/localhost', 'aes128/localhost', 'sha384/localhost');
      // The library of this process reads them at its first call.
      Object.assign(process.env, kdc.environment);
      this.#kdc = kdc;
      this.#kerberos = createSystemKerberos();
    });
    afterEach(() => {
      for (const connection of this.#connections.splice(0)) connection.close();
    });
    afterAll(async () => {
      for (const acceptor of this.#acceptors.values()) await acceptor.stop();
      await this.#kdc?.stop();
    });
  }

  get kdc(): Kdc {
    if (this.#kdc === undefined) throw new Error('the realm is not there yet');
    return this.#kdc;
  }

  get kerberos(): Kerberos {
    if (this.#kerberos === undefined) throw new Error('the realm is not there yet');
    return this.#kerberos;
  }

  /**
   * A connection to an acceptor with this environment; one acceptor serves all tests that want the same.
   *
   * @param bodies - Takes every body that crosses the socket, in both directions.
   */
  async start(
    changes: Partial<Target> = {},
    environment: Environment = {},
    bodies: Uint8Array[] = [],
  ): Promise<AuthConnection> {
    const acceptor = await this.#acceptorWith(environment);
    const common = { auth: 'kerberos', address: 'localhost', user, password } as const;
    const connection = new AuthConnection({
      target: loopbackTarget(acceptor.port, { ...common, ...changes }),
      connector: recording(bodies),
      timers: systemTimers,
      entropy: systemEntropy,
      now: () => systemClock.now(),
      kerberos: this.kerberos,
    });
    this.#connections.push(connection);
    return connection;
  }

  async #acceptorWith(environment: Environment): Promise<GssAcceptor> {
    const key = JSON.stringify(environment);
    const known = this.#acceptors.get(key);
    if (known !== undefined) return known;
    const program = join(import.meta.dirname, 'acceptor.py');
    const acceptor = await startPython(program, { ...this.kdc.environment, ...environment });
    this.#acceptors.set(key, acceptor);
    return acceptor;
  }
}

/** `ok`, or the code of the failure of one message. */
export async function codeOf(connection: AuthConnection): Promise<string> {
  const answer = await connection.post(text('x'), signal, limits);
  return answer.ok ? 'ok' : answer.error.code;
}

function recording(bodies: Uint8Array[]): ReturnType<typeof wrapExchanges> {
  return wrapExchanges((exchange) => async (request, until) => {
    const answer = await exchange(request, until);
    if (request.body.length > 0) bodies.push(request.body);
    if (answer.ok && answer.value.body.length > 0) bodies.push(answer.value.body);
    return answer;
  });
}
