import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { HostFault } from '../../src/model/scenario.ts';
import { quickPlaybook, Site } from '../support/app-site.ts';

/** Whole seconds are the smallest timeouts that an inventory can give. */
const quickTimeouts = `    ansible_psrp_connection_timeout: 1
    ansible_psrp_operation_timeout: 2
`;

function siteWith(...faults: HostFault[]): Promise<Site> {
  const hosts = [
    { name: 'bad-01', build: 'server-2019', faults },
    { name: 'good-01', build: 'server-2022' },
  ] as const;
  return Site.start({ hosts, vars: quickTimeouts });
}

/** A service on loopback that says `answer` to whatever comes, and perhaps never stops. */
async function serveBytes(answer: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('data', () => answer(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function reachIn(out: string): Record<string, string> {
  const { hosts } = JSON.parse(out) as { hosts: { host: string; reach: string }[] };
  return Object.fromEntries(hosts.map(({ host, reach }) => [host, reach]));
}

test.each([
  { what: 'a wrong password', fault: { kind: 'denied' }, reach: 'denied', code: 1, says: 'denied the logon' },
  {
    what: 'a refused port',
    fault: { kind: 'unreachable' },
    reach: 'unreachable',
    code: 4,
    says: 'was refused',
  },
  { what: 'a tarpit', fault: { kind: 'tarpit' }, reach: 'unreachable', code: 4, says: 'timed out' },
  { what: 'garbage', fault: { kind: 'garbage' }, reach: 'unreachable', code: 4, says: 'not WinRM' },
] as const)('ping of a host with $what is $reach, exit $code, and says why', async (each) => {
  const site = await siteWith(each.fault);
  const started = performance.now();

  const { code, out } = await site.cli('ping', '--json');

  expect(code).toBe(each.code);
  expect(reachIn(out)).toEqual({ 'bad-01': each.reach, 'good-01': 'ok' });
  const [bad] = JSON.parse(out).hosts;
  expect(bad.failure.message).toContain(each.says);
  expect(performance.now() - started).toBeLessThan(15_000);
});

test('a wrong password in the environment is denied everywhere, and not printed', async () => {
  const site = await siteWith();
  site.env = { COUNTERSIGN_PASSWORD: 'falsches-Passwort-4711' };

  const { code, out, err } = await site.cli('ping');

  expect(code).toBe(1);
  expect(out).toMatch(/bad-01 .*denied .*Check user name and password/);
  expect(out + err).not.toContain('4711');
});

test.each([
  {
    what: 'a service that is not HTTP',
    answer: (socket: Socket) => void socket.write('SSH-2.0-OpenSSH_9.6\r\n'),
    says: 'not HTTP',
  },
  {
    what: 'an answer that never ends',
    answer: (socket: Socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4000000000\r\n\r\n');
      const chunk = Buffer.alloc(1 << 20, 'a');
      const more = () => {
        while (!socket.destroyed && socket.write(chunk));
      };
      socket.on('drain', more);
      more();
    },
    says: 'larger than',
  },
])('$what is unreachable (exit 4), without being read to its end', async ({ answer, says }) => {
  const site = await siteWith();
  const port = await serveBytes(answer);
  site.edit('inventory.yml', (text) => text.replace(/(bad-01: .*ansible_port: )\d+/, `$1${port}`));

  const { code, out } = await site.cli('status', '--json');

  expect(code).toBe(4);
  const [bad, good] = JSON.parse(out).hosts;
  expect(bad).toMatchObject({ reach: 'unreachable', failure: { message: expect.stringContaining(says) } });
  expect(good.reach).toBe('ok');
});

test('a control whose script throws is unknown with the reason, and the others are judged', async () => {
  const fault = {
    kind: 'script-throws',
    script: 'controls/smb1-server/get',
    message: 'Access is denied.',
  } as const;
  const site = await siteWith(fault);

  const { code, out } = await site.cli('status', '--json');

  expect(code).toBe(1);
  const controls = JSON.parse(out).hosts[0].controls as { id: string; compliance: string; reason: string }[];
  expect(controls.find(({ id }) => id === 'smb1-server')).toMatchObject({
    compliance: 'unknown',
    reason: expect.stringContaining('Access is denied.'),
  });
  expect(controls.filter(({ compliance }) => compliance === 'unknown')).toHaveLength(1);
});

test('a control whose writing throws is failed on that host; the other host is done; exit 1', async () => {
  const fault = {
    kind: 'script-throws',
    script: 'controls/smb1-server/set',
    message: 'Access is denied.',
  } as const;
  const hosts = [
    { name: 'bad-01', build: 'server-2019', smb1: 'on', faults: [fault] },
    { name: 'good-01', build: 'server-2019', smb1: 'on' },
  ] as const;
  const playbook = `${quickPlaybook}defaults:\n  budget: { failed: 1, unreachable: 0, unknown: 0 }\n`;
  const site = await Site.start({ hosts, playbook });
  await site.plan();

  const { code, out } = await site.cli('apply', 'plan.json');

  expect(code).toBe(1);
  expect(out).toMatch(/failed +bad-01\n.*Access is denied/);
  expect(out).toMatch(/1 +changed/);
});
