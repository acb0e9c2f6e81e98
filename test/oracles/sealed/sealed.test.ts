import { createHash, randomFillSync } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { seconds } from '../../../src/core/time.ts';
import { systemClock } from '../../../src/node/clock.ts';
import { systemEntropy } from '../../../src/node/entropy.ts';
import { systemConnector } from '../../../src/node/http/connection.ts';
import { systemTimers } from '../../../src/node/timers.ts';
import { AuthConnection } from '../../../src/remote/connection.ts';
import { oracle } from '../../support/oracles.ts';
import { loopbackTarget } from '../../support/target.ts';
import { findPython, startAcceptor } from '../ntlm/acceptor.ts';
import type { GssAcceptor } from '../ntlm/acceptor.ts';
import { planExchanges } from './exchanges.ts';
import type { SealedExchange } from './exchanges.ts';

const password = 'Pä$$wörd 日本';
const limits = { timeout: seconds(60), maxResponseBytes: 6_000_000 };
const signal = new AbortController().signal;
/** COUNTERSIGN_SEALED=whole keeps every large message: 650 MB instead of about 100. */
const plan = planExchanges({
  seed: process.env['COUNTERSIGN_SEALED_SEED'] ?? '1',
  count: 1000,
  keepOneIn: process.env['COUNTERSIGN_SEALED'] === 'whole' ? 1 : 24,
});

/** What the acceptor writes before its payload: count and two digests. */
const reportBytes = 4 + 32 + 32;
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

oracle(
  'check 3: sealed exchanges with gss-ntlmssp',
  () => findPython() !== undefined,
  () => {
    let acceptor: GssAcceptor;
    beforeAll(async () => {
      const program = join(import.meta.dirname, 'hashing_acceptor.py');
      acceptor = await startAcceptor('CORP', 'Ops', password, { program });
    });
    afterAll(() => acceptor.stop());

    test('1000 exchanges of 0 to 5 MB on one connection arrive whole in both directions, in step', async () => {
      const target = loopbackTarget(acceptor.port, { user: 'CORP\\Ops', password: new Secret(password) });
      const now = () => systemClock.now();
      const connection = new AuthConnection({
        target,
        connector: systemConnector,
        timers: systemTimers,
        entropy: systemEntropy,
        now,
      });
      const wrong: string[] = [];

      for (const [index, exchange] of plan.entries()) {
        const request = requestOf(exchange);
        const { status, body } = unwrap(await connection.post(request, signal, limits));
        const found = { status, ...readReport(body), payload: sha256(body.subarray(reportBytes)) };
        if (
          found.status !== 200 ||
          found.count !== index + 1 ||
          found.opened !== sha256(request) ||
          found.sent !== found.payload ||
          body.length !== reportBytes + wishOf(exchange)
        )
          wrong.push(`exchange ${index + 1} of ${request.length} bytes: ${JSON.stringify(found)}`);
      }
      connection.close();

      expect(wrong).toEqual([]);
    });
  },
);

/** Random bytes behind the length that is wished for the answer, as far as they have room for it. */
function requestOf({ requestBytes, answerBytes }: SealedExchange): Uint8Array {
  const request = randomFillSync(new Uint8Array(requestBytes));
  if (requestBytes >= 4) new DataView(request.buffer).setUint32(0, answerBytes, true);
  return request;
}

function wishOf({ requestBytes, answerBytes }: SealedExchange): number {
  return requestBytes >= 4 ? answerBytes : 0;
}

function readReport(body: Uint8Array): { count: number; opened: string; sent: string } {
  const report = Buffer.from(body.subarray(0, reportBytes));
  return {
    count: report.readUInt32LE(0),
    opened: report.toString('hex', 4, 36),
    sent: report.toString('hex', 36, reportBytes),
  };
}
