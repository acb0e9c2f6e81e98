import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { toJson } from '../../../src/core/ps-json.ts';
import { isPsObject } from '../../../src/core/ps-value.ts';
import type { PsValue } from '../../../src/core/ps-value.ts';
import { unwrap } from '../../../src/core/result.ts';
import { readServerMessage } from '../../../src/wire/psrp/client-event.ts';
import type { PsrpClientEvent } from '../../../src/wire/psrp/client-event.ts';
import { decodeCommandQuery, encodeCommandQuery } from '../../../src/wire/psrp/command-metadata.ts';
import { decodeCreatePipeline, encodeCreatePipeline } from '../../../src/wire/psrp/create-pipeline.ts';
import { emptyGuid } from '../../../src/wire/psrp/guid.ts';
import { decodeInitRunspacePool, encodeInitRunspacePool } from '../../../src/wire/psrp/init-runspacepool.ts';
import { decodeMessage, encodeMessage } from '../../../src/wire/psrp/message.ts';
import type { PsrpMessage } from '../../../src/wire/psrp/message.ts';
import { Reassembler } from '../../../src/wire/psrp/reassembler.ts';
import { decodeRunspaceRequest, encodeRunspaceRequest } from '../../../src/wire/psrp/runspace-requests.ts';
import {
  decodeSessionCapability,
  encodeSessionCapability,
} from '../../../src/wire/psrp/session-capability.ts';
import { PsrpServer } from '../../../src/wire/psrp/server.ts';
import { isMissing, sharedPath } from '../../support/shared.ts';
import { payloadsOf, psrpRecordings, recordings } from './recording.ts';
import type { Payload } from './recording.ts';

interface Step {
  readonly messages: readonly [number, number];
  readonly invoke?: { readonly statements: readonly (readonly { script?: string; cmdlet?: string }[])[] };
  readonly expect?: {
    readonly state?: string;
    readonly output?: readonly unknown[];
    readonly streams?: Readonly<Record<string, readonly unknown[]>>;
    readonly hostCalls?: readonly unknown[];
  };
}

const drivers = 'fixtures/drivers.yaml';
const missing = isMissing(drivers);

describe.skipIf(missing)('PSRP that Windows hosts spoke', () => {
  const names = missing ? [] : psrpRecordings();
  const steps = missing
    ? []
    : (parse(readFileSync(sharedPath(drivers), 'utf8')) as readonly {
        file: string;
        steps: readonly Step[];
      }[]);
  const stepsOf = (name: string): readonly Step[] =>
    steps.find(({ file }) => file.endsWith(`/${name}`))?.steps ?? [];

  test('is there', () => {
    expect(names.length).toBeGreaterThan(25);
  });

  test.each(names)('is read without a failure: %s', (name) => {
    const messages = messagesOf(payloadsOf(name));

    expect(messages.length).toBeGreaterThan(3);
    for (const { message } of messages.filter(({ message }) => message.destination === 'client')) {
      unwrap(readServerMessage(message, message.pipelineId === emptyGuid ? undefined : message.pipelineId));
    }
    for (const { message } of messages) {
      if (message.type === 'init-runspacepool') unwrap(decodeInitRunspacePool(message.body));
      if (message.type === 'create-pipeline') unwrap(decodeCreatePipeline(message.body));
      expect(unwrap(decodeMessage(unwrap(encodeMessage(message))))).toEqual(message);
    }
  });

  test.each(names)('says what the recorded client made of it: %s', (name) => {
    const messages = messagesOf(payloadsOf(name));
    for (const step of stepsOf(name)) {
      const expected = step.expect;
      if (step.invoke === undefined || expected?.state === undefined) continue;
      const [first, last] = step.messages;
      const within = messages.filter(({ exchange }) => exchange >= first && exchange <= last);
      const events = within.flatMap(({ message }) =>
        message.destination === 'client' ? [unwrap(readServerMessage(message, message.pipelineId))] : [],
      );

      expect(of(events, 'pipeline-state').at(-1)?.state).toBe(expected.state);
      expect(of(events, 'output')).toHaveLength(expected.output?.length ?? 0);
      expect(of(events, 'host-call')).toHaveLength(expected.hostCalls?.length ?? 0);
      for (const kind of ['error', 'warning', 'verbose', 'debug', 'information', 'progress'] as const) {
        expect(of(events, kind), kind).toHaveLength(expected.streams?.[kind]?.length ?? 0);
      }
      const plain = (expected.output ?? []).map((value) => (typeof value === 'object' ? undefined : value));
      const outputs = of(events, 'output').map(({ value }) => toJson(value));
      expect(outputs.map((value, index) => (plain[index] === undefined ? undefined : value))).toEqual(plain);
    }
  });

  test.each(names.filter((name) => !/connect|is_alive/.test(name)))(
    'is understood by our server, from its client: %s',
    (name) => {
      const clientPayloads = payloadsOf(name).filter(({ from }) => from === 'client');
      const server = new PsrpServer({ psVersion: '5.1', protocolVersion: '2.3', maxFragmentBytes: 32_768 });

      const asksHost = name.includes('pshost');
      const kinds: string[] = [];
      const shells = sessionsOf(clientPayloads)[0] ?? [];
      for (const { bytes } of shells) {
        unwrap(server.receive(bytes));
        for (let event = server.next(); event !== undefined; event = server.next()) {
          kinds.push(event.kind);
          if (event.kind === 'open') server.opened();
          // The recorded client uses one id again and again, so what has all its input ends at once.
          if (asksHost) continue;
          if ((event.kind === 'pipeline' && event.noInput) || event.kind === 'end-of-input') {
            server.finish(event.pipelineId, 'Completed');
            server.close(event.pipelineId);
          }
        }
      }

      expect(kinds[0]).toBe('open');
      expect(kinds.filter((kind) => kind === 'pipeline')).toHaveLength(
        messagesOf(shells).filter(({ message }) => message.type === 'create-pipeline').length,
      );
    },
  );

  test.each(names)('whatever the recorded client sent, we would write with the same values: %s', (name) => {
    let protocolVersion = '2.3';
    for (const { message } of messagesOf(payloadsOf(name))) {
      const { type, body, destination } = message;
      if (destination === 'client' && type === 'session-capability') {
        protocolVersion = unwrap(decodeSessionCapability(body)).protocolVersion;
      }
      if (destination !== 'server') continue;
      expect(rewritten(message, protocolVersion), type).toEqual(withCallIdAsSpecified(body));
    }
  });

  test('a pipeline of several statements is written again as it was', () => {
    const create = messagesOf(payloadsOf('test_psrp_multiple_commands.yml')).find(
      ({ message }) => message.type === 'create-pipeline',
    );
    const pipeline = unwrap(decodeCreatePipeline(create?.message.body));

    expect(pipeline.statements).toHaveLength(10);
    expect(pipeline.statements[2]?.[0]).toEqual({
      text: 'ConvertTo-SecureString',
      isScript: false,
      parameters: [
        { name: 'String', value: 'abc' },
        { name: 'AsPlainText', value: null },
        { name: 'Force', value: null },
      ],
    });
    expect(unwrap(decodeCreatePipeline(encodeCreatePipeline(pipeline, '2.3')))).toEqual(pipeline);
  });

  test('an error has its category, position and stack', () => {
    const [failed] = messagesOf(payloadsOf('test_psrp_error_failed.yml'))
      .filter(({ message }) => message.type === 'pipeline-state')
      .map(({ message }) => unwrap(readServerMessage(message, message.pipelineId)));

    expect(failed).toMatchObject({
      state: 'Failed',
      reason: {
        message: 'error',
        fullyQualifiedErrorId: 'Microsoft.PowerShell.Commands.WriteErrorException',
        category: 'NotSpecified',
        activity: 'Write-Error',
        exceptionType: 'Microsoft.PowerShell.Commands.WriteErrorException',
        position: { line: 1, column: 55, scriptName: '' },
        scriptStackTrace: 'at <ScriptBlock>, <No file>: line 1',
      },
    });
  });
});

describe.skipIf(isMissing(recordings))('PSRP fragments of Windows hosts', () => {
  test('give the same messages byte by byte', () => {
    const payloads = payloadsOf('test_psrp_small_msg_size.yml').filter(({ from }) => from === 'server');
    const whole = messagesOf(payloads);

    const cut = messagesOf(
      payloads.flatMap((payload) =>
        [...payload.bytes].map((byte) => ({ ...payload, bytes: Uint8Array.of(byte) })),
      ),
    );

    expect(cut).toEqual(whole);
  });
});

/** The recorded client wrote `CI` in two messages, where the specification has `ci`; servers take either. */
function withCallIdAsSpecified(body: PsValue | undefined): PsValue | undefined {
  if (!isPsObject(body) || !body.extended.has('CI')) return body;
  const extended = [...body.extended].map(([name, value]) => [name === 'CI' ? 'ci' : name, value] as const);
  return { ...body, extended: new Map(extended) };
}

/** What our client writes where the recorded one wrote a message; host calls and input have no form of their own. */
function rewritten({ type, body }: PsrpMessage, protocolVersion: string): PsValue | undefined {
  switch (type) {
    case 'session-capability':
      return encodeSessionCapability(unwrap(decodeSessionCapability(body)));
    case 'init-runspacepool':
      return encodeInitRunspacePool(unwrap(decodeInitRunspacePool(body)));
    case 'create-pipeline':
      return encodeCreatePipeline(unwrap(decodeCreatePipeline(body)), protocolVersion);
    case 'get-command-metadata':
      return encodeCommandQuery(decodeCommandQuery(body));
    case 'get-available-runspaces':
    case 'set-max-runspaces':
    case 'set-min-runspaces':
    case 'reset-runspace-state': {
      const { request, callId } = unwrap(decodeRunspaceRequest(type, body));
      return encodeRunspaceRequest(request, callId);
    }
    default:
      return body;
  }
}

interface Received {
  readonly exchange: number;
  readonly message: PsrpMessage;
}

/** The messages of a recording; object ids count per shell and direction, so every pool starts a new stream. */
function messagesOf(payloads: readonly Payload[]): readonly Received[] {
  return sessionsOf(payloads).flatMap((session) => {
    const streams = new Map<string, Reassembler>();
    return session.flatMap(({ from, commandId, bytes, exchange }) => {
      const key = from === 'client' ? from : `${from} ${commandId ?? ''}`;
      const stream = streams.get(key) ?? new Reassembler();
      streams.set(key, stream);
      return unwrap(stream.receive(bytes)).map((message) => ({
        exchange,
        message: unwrap(decodeMessage(message)),
      }));
    });
  });
}

/** Splits at each session capability that a client sends: it begins with object 1. */
function sessionsOf(payloads: readonly Payload[]): Payload[][] {
  const sessions: Payload[][] = [];
  for (const payload of payloads) {
    const begins = payload.from === 'client' && payload.bytes[7] === 1 && payload.bytes[25] === 2;
    if (begins || sessions.length === 0) sessions.push([]);
    sessions.at(-1)?.push(payload);
  }
  return sessions;
}

type EventOf<Kind> = Extract<PsrpClientEvent, { readonly kind: Kind }>;

function of<Kind extends PsrpClientEvent['kind']>(
  events: readonly PsrpClientEvent[],
  kind: Kind,
): EventOf<Kind>[] {
  return events.filter((event): event is EventOf<Kind> => event.kind === kind);
}
