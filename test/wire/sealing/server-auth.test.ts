import { describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { Secret } from '../../../src/core/secret.ts';
import { instant } from '../../../src/core/time.ts';
import { NtlmAcceptor } from '../../../src/wire/ntlm/acceptor.ts';
import { NtlmInitiator } from '../../../src/wire/ntlm/initiator.ts';
import type { NtlmContext } from '../../../src/wire/ntlm/ntlm-context.ts';
import {
  certificateScheme,
  findAuth,
  formatAuth,
  parseAuth,
} from '../../../src/wire/sealing/authorization.ts';
import {
  decodeSealed,
  encodeSealed,
  sealedContentType,
  soapContentType,
} from '../../../src/wire/sealing/multipart-encrypted.ts';
import { ServerAuth } from '../../../src/wire/sealing/server-auth.ts';
import type { AuthAnswer, AuthRequest, ServerAuthOptions } from '../../../src/wire/sealing/server-auth.ts';
import type { SecurityContext } from '../../../src/wire/security-context.ts';
import { SpnegoInitiator } from '../../../src/wire/spnego/initiator.ts';
import type { InitiatorAnswer } from '../../../src/wire/spnego/initiator.ts';
import { Mechanism } from '../../../src/wire/spnego/mechanisms.ts';

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

describe('a logon inside a negotiation', () => {
  const spnego = new SpnegoInitiator([Mechanism.ntlm]);
  const client = (): NtlmInitiator =>
    new NtlmInitiator({ user: 'ops', domain: 'D', password: new Secret('pw'), ...common });

  /** The token in an answer's header, as the client reads it. */
  const heard = (headers: Readonly<Record<string, string>>): InitiatorAnswer =>
    unwrap(
      spnego.receive(
        findAuth(parseAuth([headers['WWW-Authenticate'] ?? '']), 'Negotiate')?.token ?? text(''),
      ),
    );

  function negotiate(server: ServerAuth, body = text('')): [NtlmContext, ReturnType<ServerAuth['receive']>] {
    const ntlm = client();
    const first = server.receive(request(formatAuth('Negotiate', spnego.init(ntlm.negotiate()))));
    const challenge = heard(answerOf(first).headers).token ?? text('');
    const { token, context } = unwrap(ntlm.authenticate(challenge));
    const mic = unwrap(context.mic(spnego.mechanismList));
    return [context, server.receive(request(formatAuth('Negotiate', spnego.respond(token, mic)), body))];
  }

  test('ends with the protection of its list, and seals in step behind it', () => {
    const server = serverAuth();
    const [context, proven] = negotiate(server);
    const { status, headers } = answerOf(proven);
    const { mic = text(''), outcome } = heard(headers);

    expect([status, outcome]).toEqual([200, 'completed']);
    expect(context.checkMic(spnego.mechanismList, mic).ok).toBe(true);
    for (const value of ['one', 'two']) {
      const step = server.receive(sealed(context, value));
      if (step.kind !== 'envelope') throw new Error('no envelope');
      const frame = unwrap(decodeSealed(step.reply(200, text(`${value}!`)).body));
      expect(unwrap(context.unseal(frame.header, frame.body))).toEqual(text(`${value}!`));
    }
  });

  test('gives its last token with the answer to a message that came along', () => {
    const [, step] = negotiate(serverAuth({ allowsUnsealed: true }), text('<s:Envelope/>'));
    if (step.kind !== 'envelope') throw new Error('no envelope');

    expect(heard(step.reply(200, text('yes')).headers).outcome).toBe('completed');
  });

  test('whose list was changed on its way is turned away', () => {
    const server = serverAuth();
    const ntlm = client();
    const first = server.receive(request(formatAuth('Negotiate', spnego.init(ntlm.negotiate()))));
    const { token, context } = unwrap(ntlm.authenticate(heard(answerOf(first).headers).token ?? text('')));
    const mic = unwrap(context.mic(text('another list')));

    const last = server.receive(request(formatAuth('Negotiate', spnego.respond(token, mic))));

    expect(answerOf(last)).toMatchObject({ status: 401, code: 'auth.bad-seal' });
  });
});

describe('Basic', () => {
  const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;
  const server = (): ServerAuth =>
    serverAuth({
      schemes: ['Negotiate', 'Basic'],
      allowsUnsealed: true,
      isPassword: ({ user, domain }, password) => user === 'ops' && domain === '' && password === 'Pä:ss',
    });

  test('is offered with a realm, and looked at with each request', () => {
    const host = server();
    const step = host.receive(request(basic('.\\ops:Pä:ss'), text('<s:Envelope/>')));

    expect(step).toMatchObject({
      kind: 'envelope',
      user: 'ops',
      isSealed: false,
      envelope: text('<s:Envelope/>'),
    });
    expect(answerOf(host.receive(request()))).toMatchObject({
      status: 401,
      headers: { 'WWW-Authenticate': 'Negotiate, Basic realm="WSMAN"' },
    });
  });

  test.each(['ops:wrong', 'ops', ':Pä:ss', 'nobody:Pä:ss'])('of %s is turned away', (credentials) => {
    expect(answerOf(server().receive(request(basic(credentials))))).toMatchObject({
      status: 401,
      code: 'auth.denied',
    });
  });

  test('is turned away by a host that knows no passwords, and where sealing is demanded', () => {
    const credentials = basic('ops:Pä:ss');

    expect(answerOf(serverAuth({ schemes: ['Basic'] }).receive(request(credentials))).status).toBe(401);
    const demanding = serverAuth({ schemes: ['Basic'], isPassword: () => true });
    expect(answerOf(demanding.receive(request(credentials, text('x')))).status).toBe(500);
  });
});

describe('a certificate', () => {
  const claim = request(certificateScheme, text('<s:Envelope/>'));

  test('is an account where it is mapped to one', () => {
    const certificateAccount = () => ({ user: 'ops', domain: '' });

    expect(serverAuth({ certificateAccount, allowsUnsealed: true }).receive(claim)).toMatchObject({
      kind: 'envelope',
      user: 'ops',
    });
  });

  test.each([undefined, () => undefined])('that is mapped to none is turned away', (certificateAccount) => {
    const server = serverAuth({
      ...(certificateAccount && { certificateAccount }),
      allowsUnsealed: true,
    });

    expect(answerOf(server.receive(claim))).toMatchObject({ status: 401, code: 'auth.denied' });
  });
});
