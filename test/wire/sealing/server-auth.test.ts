import { expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { instant } from '../../../src/core/time.ts';
import { NtlmAcceptor } from '../../../src/wire/ntlm/acceptor.ts';
import { NtlmInitiator } from '../../../src/wire/ntlm/initiator.ts';
import { findAuth, formatAuth, parseAuth } from '../../../src/wire/sealing/authorization.ts';
import {
  decodeSealed,
  encodeSealed,
  sealedContentType,
  soapContentType,
} from '../../../src/wire/sealing/multipart-encrypted.ts';
import { ServerAuth } from '../../../src/wire/sealing/server-auth.ts';
import type { AuthAnswer, AuthRequest, ServerAuthOptions } from '../../../src/wire/sealing/server-auth.ts';
import type { SecurityContext } from '../../../src/wire/security-context.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const common = { random: (count: number) => new Uint8Array(count).fill(7), now: instant(0) };

function serverAuth(options: Partial<ServerAuthOptions> = {}): ServerAuth {
  const lookup = (user: string): Secret | undefined => (user === 'ops' ? new Secret('pw') : undefined);
  const acceptor = (): NtlmAcceptor =>
    new NtlmAcceptor({ targetName: 'T', computerName: 'C', lookup, ...common });
  return new ServerAuth({ acceptor, ...options });
}

const request = (authorization?: string, body = text(''), contentType = soapContentType): AuthRequest => ({
  headers: {
    'content-type': [contentType],
    ...(authorization !== undefined && { authorization: [authorization] }),
  },
  body,
});

function answerOf(step: ReturnType<ServerAuth['receive']>): AuthAnswer & { code?: string } {
  if (step.kind !== 'answer') throw new Error('an envelope, where an answer was due');
  return { ...step.answer, ...(step.failure && { code: step.failure.code }) };
}

function logOn(
  server: ServerAuth,
  user = 'ops',
  body = text(''),
): [SecurityContext, ReturnType<ServerAuth['receive']>] {
  const initiator = new NtlmInitiator({ user, domain: 'D', password: new Secret('pw'), ...common });
  const { headers } = answerOf(server.receive(request(formatAuth('Negotiate', initiator.negotiate()))));
  const token = findAuth(parseAuth([headers['WWW-Authenticate'] ?? '']), 'Negotiate')?.token;
  const { token: proof, context } = unwrap(initiator.authenticate(token ?? new Uint8Array(0)));
  return [context, server.receive(request(formatAuth('Negotiate', proof), body))];
}

const sealed = (context: SecurityContext, value: string): AuthRequest =>
  request(
    undefined,
    encodeSealed(context.protocol, unwrap(context.seal(text(value))), text(value).length),
    sealedContentType(context.protocol),
  );

test('a request without credentials is told what is offered', () => {
  expect(answerOf(serverAuth().receive(request()))).toMatchObject({
    status: 401,
    headers: { 'WWW-Authenticate': 'Negotiate' },
  });
  expect(answerOf(serverAuth({ schemes: ['Negotiate', 'NTLM'] }).receive(request())).headers).toEqual({
    'WWW-Authenticate': 'Negotiate, NTLM',
  });
});

test('after a logon sealed messages are opened and answered sealed', () => {
  const server = serverAuth();
  const [context, proven] = logOn(server);
  expect(answerOf(proven).status).toBe(200);

  for (const value of ['one', 'two']) {
    const step = server.receive(sealed(context, value));
    if (step.kind !== 'envelope') throw new Error('no envelope');
    const reply = step.reply(200, text(`${value}!`));
    const frame = unwrap(decodeSealed(reply.body));

    expect(step).toMatchObject({ user: 'ops', domain: 'D', isSealed: true, envelope: text(value) });
    expect(unwrap(context.unseal(frame.header, frame.body))).toEqual(text(`${value}!`));
  }
});

test('an unknown account is turned away, with the reason for the log', () => {
  expect(answerOf(logOn(serverAuth(), 'nobody')[1])).toMatchObject({ status: 401, code: 'auth.denied' });
});

test('a malformed token is turned away', () => {
  const step = serverAuth().receive(request('Negotiate AAAA'));

  expect(answerOf(step)).toMatchObject({ status: 401, code: 'auth.malformed-token' });
});

test('an unsealed message is refused where sealing is demanded, as on stock Windows', () => {
  const server = serverAuth();
  logOn(server);

  expect(answerOf(server.receive(request(undefined, text('<s:Envelope/>'))))).toMatchObject({ status: 500 });
});

test('an unsealed message is taken where that is allowed, and answered in kind', () => {
  const server = serverAuth({ allowsUnsealed: true });
  const [, step] = logOn(server, 'ops', text('<s:Envelope/>'));
  if (step.kind !== 'envelope') throw new Error('no envelope');

  expect(step).toMatchObject({ isSealed: false, envelope: text('<s:Envelope/>') });
  expect(step.reply(200, text('yes'))).toEqual({
    status: 200,
    headers: { 'Content-Type': soapContentType },
    body: text('yes'),
  });
});

test.each([
  ['was changed', (body: Uint8Array) => body.with(body.length - 30, 0)],
  ['is no multipart/encrypted', () => text('rubbish')],
])('a sealed message that %s is answered 400, and the logon is void', (_, change) => {
  const server = serverAuth();
  const [context] = logOn(server);
  const original = sealed(context, 'the message that is long enough');

  expect(answerOf(server.receive({ ...original, body: change(original.body) })).status).toBe(400);
  expect(answerOf(server.receive(sealed(context, 'next'))).status).toBe(401);
});

test('credentials of a scheme that is not offered are turned away', () => {
  expect(answerOf(serverAuth().receive(request('Basic dTpw'))).status).toBe(401);
});
