import { psList, psRecord } from '../../../src/core/ps-value.ts';
import type { PsValue } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { decodeBase64, encodeBase64 } from '../../../src/wire/bytes/base64.ts';
import { decodeClixml } from '../../../src/wire/clixml/decode.ts';
import { encodeClixml } from '../../../src/wire/clixml/encode.ts';
import { wantedFlags } from '../../../src/wire/ntlm/flags.ts';
import { NtlmContext } from '../../../src/wire/ntlm/ntlm-context.ts';
import { splitMessage } from '../../../src/wire/psrp/fragment.ts';
import { Reassembler } from '../../../src/wire/psrp/reassembler.ts';
import { decodeSealed, encodeSealed } from '../../../src/wire/sealing/multipart-encrypted.ts';
import { buildReply } from '../../../src/wire/wsman/envelope.ts';
import { parseEnvelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { parseReceived, received } from '../../../src/wire/wsman/receive.ts';
import { aim, compared } from '../result.ts';
import type { BenchResult } from '../result.ts';
import { median } from '../statistics.ts';

/** What one envelope of the usual size holds. */
const payloadBytes = 375_000;

interface Stage {
  readonly name: string;
  readonly bytes: number;
  readonly run: () => void;
  readonly note?: (rate: number) => string;
}

/** The rates of the codecs alone, in this process and without a network. */
export function benchWire(millisecondsEach: number, say: (progress: string) => void): readonly BenchResult[] {
  say('codecs');
  return stages().map(({ name, bytes, run, note }) => {
    const rate = (bytes / median(times(run, millisecondsEach)) / 1e6) * 1000;
    return compared({ name, unit: 'MB/s', better: 'more' }, rate, undefined, note?.(rate));
  });
}

function times(run: () => void, milliseconds: number): readonly number[] {
  for (let round = 0; round < 5; round++) run();
  const all: number[] = [];
  const end = performance.now() + milliseconds;
  // At least once, however long this process was kept waiting.
  do {
    const start = performance.now();
    run();
    all.push(performance.now() - start);
  } while (performance.now() < end);
  return all;
}

function stages(): readonly Stage[] {
  return [...sealingStages(), ...envelopeStages(), ...clixmlStages()];
}

const key = new Uint8Array(16).fill(5);
const payload = Uint8Array.from({ length: payloadBytes }, (_, index) => (index * 7) & 0xff);

function envelope(): Uint8Array {
  const streams = [{ stream: 'stdout', data: payload }];
  return buildReply(
    { messageId: 'A', relatesTo: 'uuid:B' },
    received('C', { streams, state: 'running', exitCode: undefined }),
  );
}

function sealingStages(): readonly Stage[] {
  const plain = envelope();
  const seal = new NtlmContext('initiator', wantedFlags, key);
  const [sender, receiver] = [
    new NtlmContext('initiator', wantedFlags, key),
    new NtlmContext('acceptor', wantedFlags, key),
  ];
  const bytes = plain.length;
  return [
    {
      name: 'sealing (RC4 and HMAC-MD5)',
      bytes,
      run: () => unwrap(seal.seal(plain)),
      note: (rate) => aim('≥ 100 MB/s', rate >= 100),
    },
    {
      name: 'sealing, framing, taking apart and opening',
      bytes,
      run: () => {
        const framed = encodeSealed(sender.protocol, unwrap(sender.seal(plain)), bytes);
        const { header, body } = unwrap(decodeSealed(framed));
        unwrap(receiver.unseal(header, body));
      },
      note: () => 'both ends in one thread',
    },
  ];
}

function envelopeStages(): readonly Stage[] {
  const bytes = envelope();
  const text = encodeBase64(payload);
  const fragments = unwrap(splitMessage(1n, new Uint8Array(1_000_000), 32_768));
  return [
    { name: 'base64, decoding', bytes: payloadBytes, run: () => decodeBase64(text) },
    {
      name: 'Receive answer of 500 kB, reading',
      bytes: bytes.length,
      run: () => unwrap(parseReceived(unwrap(parseEnvelope(bytes, 'Receive')))),
    },
    {
      name: 'PSRP fragments, putting together',
      bytes: 1_000_000,
      run: () => {
        const reassembler = new Reassembler();
        for (const fragment of fragments) unwrap(reassembler.receive(fragment));
      },
    },
  ];
}

function clixmlStages(): readonly Stage[] {
  const objects = psList(Array.from({ length: 500 }, (_, index) => service(index)));
  const line: PsValue = 'x'.repeat(200_000);
  const written = Buffer.from(unwrap(encodeClixml(objects)));
  const text = Buffer.from(unwrap(encodeClixml(line)));
  return [
    { name: 'CLIXML of objects, decoding', bytes: written.length, run: () => unwrap(decodeClixml(written)) },
    { name: 'CLIXML of objects, encoding', bytes: written.length, run: () => unwrap(encodeClixml(objects)) },
    { name: 'CLIXML of long text, decoding', bytes: text.length, run: () => unwrap(decodeClixml(text)) },
  ];
}

/** An object as Get-Service gives it. */
function service(index: number): PsValue {
  const typeNames = ['Deserialized.System.ServiceProcess.ServiceController', 'Deserialized.System.Object'];
  return psRecord(
    {
      ...{
        Name: `service${index}`,
        DisplayName: `Service <${index}> & more`,
        Status: 'Running',
        Id: 1000 + index,
      },
      ...{
        CanStop: true,
        Path: 'C:\\Windows\\system32\\svchost.exe -k netsvcs -p',
        Depends: psList(['rpcss', 'http']),
      },
    },
    typeNames,
  );
}
