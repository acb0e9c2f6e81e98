import { bodyElement, parseEnvelope } from '../../../src/wire/wsman/parse-envelope.ts';
import type { Envelope } from '../../../src/wire/wsman/parse-envelope.ts';
import { parseFault } from '../../../src/wire/wsman/fault-message.ts';
import { faultFailure, isTimedOut } from '../../../src/wire/wsman/fault-failure.ts';
import { parseCommandStarted, parsePipelineCommand } from '../../../src/wire/wsman/command.ts';
import { parseCommandLine } from '../../../src/wire/wsman/command-line.ts';
import { parseConfigGot } from '../../../src/wire/wsman/config.ts';
import { parseConnect, parseConnected } from '../../../src/wire/wsman/connect.ts';
import { parseCreateShell } from '../../../src/wire/wsman/create-shell.ts';
import { parseDisconnect } from '../../../src/wire/wsman/disconnect.ts';
import { parseEnumerate, parsePull, parseRelease } from '../../../src/wire/wsman/enumerate.ts';
import { parseCommandsEnumerated, parseShellsEnumerated } from '../../../src/wire/wsman/enumerated.ts';
import { parseShellGot } from '../../../src/wire/wsman/get-shell.ts';
import { parseReceive, parseReceived } from '../../../src/wire/wsman/receive.ts';
import { parseSend } from '../../../src/wire/wsman/send.ts';
import { parseShellCreated } from '../../../src/wire/wsman/shell-created.ts';
import { parseSignal } from '../../../src/wire/wsman/signal.ts';
import { parseXmlDuration } from '../../../src/wire/wsman/xml-duration.ts';
import type { Result } from '../../../src/core/result.ts';
import { valueOf } from '../contract.ts';
import { pickSeeds, recordedExchanges } from '../recordings.ts';
import type { FuzzTarget } from '../target.ts';
import { ownRequests, ownReplies } from './wsman-seeds.ts';

const dictionary = [
  ...[
    '<![CDATA[',
    ']]>',
    '<!DOCTYPE x [<!ENTITY a "b">]>',
    '&a;',
    '&amp;',
    '&#x41;',
    '&#0;',
    '<?xml version="1.0"?>',
  ],
  ...[
    '<!-- -->',
    'xmlns=""',
    'xmlns:s="x"',
    'uuid:',
    'PT20S',
    'P1Y',
    'http://www.w3.org/2003/05/soap-envelope',
  ],
  ...[
    '\xef\xbb\xbf',
    '\xff\xfe',
    '\xc0\x80',
    '\xf0\x9f\x8e\x89',
    '\0',
    '<rsp:Stream Name="stdout">',
    'AAAA',
    '====',
  ],
];

type Parser = (envelope: Envelope) => Result<unknown>;

const requestParsers: readonly Parser[] = [
  ...[parseCreateShell, parsePipelineCommand, parseCommandLine, parseReceive, parseSend, parseSignal],
  ...[parseConnect, parseDisconnect, parseEnumerate, parsePull, parseRelease],
];
const answerParsers: readonly Parser[] = [
  ...[parseShellCreated, parseCommandStarted, parseReceived, parseConnected, parseShellGot, parseConfigGot],
  ...[parseShellsEnumerated, parseCommandsEnumerated],
];

/** One target reads the requests of clients, the other the answers of servers. */
function envelopeTarget(name: string, seeds: FuzzTarget['seeds'], parsers: readonly Parser[]): FuzzTarget {
  return {
    name,
    shape: 'xml',
    dictionary,
    seeds,
    run(input) {
      const envelope = valueOf(parseEnvelope(input, 'a message'));
      if (envelope === undefined) return;
      const fault = parseFault(envelope);
      if (fault !== undefined) {
        isTimedOut(fault);
        faultFailure(fault, { host: 'web-01', action: 'Receive' });
      }
      for (const parse of parsers) valueOf(parse(envelope));
      valueOf(bodyElement(envelope, 'urn:none', 'None'));
    },
  };
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export const wsmanTargets: readonly FuzzTarget[] = [
  envelopeTarget(
    'wsman-request',
    () => [...ownRequests(), ...pickSeeds(recordedExchanges().map(({ request }) => bytes(request)))],
    requestParsers,
  ),
  envelopeTarget(
    'wsman-answer',
    () => [...ownReplies(), ...pickSeeds(recordedExchanges().map(({ response }) => bytes(response)))],
    answerParsers,
  ),
  {
    name: 'xml-duration',
    seeds: () => ['PT60.000S', 'P0DT0H1M5.5S', 'PT7200S', '-P1D'].map(bytes),
    run(input) {
      parseXmlDuration(Buffer.from(input).toString('latin1'));
    },
  },
];
