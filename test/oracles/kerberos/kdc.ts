import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

export const realm = 'COUNTERSIGN.TEST';

/** Debian puts servers where only root's PATH looks. */
const path = [process.env['PATH'] ?? '', '/usr/sbin', '/sbin'].join(delimiter);
const programs = ['krb5kdc', 'kadmin.local', 'kdb5_util', 'kinit', 'kdestroy'];

/** Whether MIT Kerberos is installed whole (Debian: krb5-kdc, krb5-admin-server, krb5-user). */
export const hasKdc = (): boolean =>
  programs.every((program) => path.split(delimiter).some((folder) => existsSync(join(folder, program))));

/** A realm of its own on loopback, with a KDC that runs until it is stopped. */
export interface Kdc {
  /** What programs of this realm need in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The same for a program with a setting of its own, such as `clockskew = 1`. */
  environmentWith(setting: string): Readonly<Record<string, string>>;
  /** `name` or `service/host`; keys of these types only, random ones unless there is a password. */
  addPrincipal(name: string, options?: { password?: string; encryption?: string }): void;
  /** Writes the keys of services where acceptors find them. */
  exportKeys(...names: readonly string[]): void;
  /** Gets a ticket into a cache of its own and gives its name. */
  getTicket(name: string, password: string, lifetime?: string): string;
  kadmin(command: string): void;
  /** Ends the KDC of the realm SILENT.TEST, which takes requests and never answers. */
  endSilence(): void;
  stop(): Promise<void>;
}

export async function startKdc(): Promise<Kdc> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-kdc-'));
  const port = await freePort();
  const silent = await listenSilently();
  const file = (name: string): string => join(folder, name);
  const environment = {
    KRB5_CONFIG: file('krb5.conf'),
    KRB5_KDC_PROFILE: file('kdc.conf'),
    KRB5_KTNAME: `FILE:${file('keytab')}`,
    KRB5CCNAME: `FILE:${file('no-tickets')}`,
    // Replays are looked for by time and address; two logons of one test in a microsecond would be one.
    KRB5RCACHENAME: 'none:',
  };
  writeFileSync(file('krb5.conf'), clientConfig(port, silent.port));
  writeFileSync(file('kdc.conf'), kdcConfig(folder, port));
  const run = (program: string, args: readonly string[], input = ''): void => {
    const { status, stderr, error } = spawnSync(program, args, {
      env: { ...environment, PATH: path },
      encoding: 'utf8',
      input,
    });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  };
  const kadmin = (command: string): void => {
    run('kadmin.local', ['-q', command]);
  };
  run('kdb5_util', ['create', '-s', '-r', realm, '-P', 'master']);
  const server = spawn('krb5kdc', ['-n'], { env: { ...environment, PATH: path }, stdio: 'ignore' });
  await untilOpen(port, server);
  let tickets = 0;
  return {
    environment,
    environmentWith: (setting) => {
      const config = file(`${setting.replaceAll(/\W+/g, '-')}.conf`);
      writeFileSync(config, clientConfig(port, silent.port, setting));
      return { ...environment, KRB5_CONFIG: config };
    },
    kadmin,
    addPrincipal: (name, { password, encryption = 'aes256-cts:normal' } = {}) => {
      const secret = password === undefined ? '-randkey' : `-pw "${password}"`;
      kadmin(`addprinc +requires_preauth -e ${encryption} ${secret} ${name}`);
      kadmin(`setstr ${name} session_enctypes ${encryption.replace(/:.*/, '')}`);
    },
    exportKeys: (...names) => {
      kadmin(`ktadd -norandkey -k ${file('keytab')} ${names.join(' ')}`);
    },
    getTicket: (name, password, lifetime = '1h') => {
      const cache = `FILE:${file(`tickets-${String(++tickets)}`)}`;
      run('kinit', ['-l', lifetime, '-c', cache, `${name}@${realm}`], `${password}\n`);
      return cache;
    },
    endSilence: silent.end,
    stop: async () => {
      silent.end();
      const ended = once(server, 'exit');
      server.kill();
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

/** Names are taken as they are: nothing is looked up in DNS, which knows nothing of this realm. */
function clientConfig(port: number, silentPort: number, setting = ''): string {
  return `[libdefaults]
default_realm = ${realm}
dns_lookup_realm = false
dns_lookup_kdc = false
dns_canonicalize_hostname = false
rdns = false
${setting}
[realms]
${realm} = {
  kdc = 127.0.0.1:${String(port)}
}
NO-KDC.TEST = {
  kdc = 127.0.0.1:1
}
SILENT.TEST = {
  kdc = 127.0.0.1:${String(silentPort)}
}
[domain_realm]
localhost = ${realm}
.countersign.test = ${realm}
`;
}

function kdcConfig(folder: string, port: number): string {
  return `[kdcdefaults]
kdc_listen = 127.0.0.1:${String(port)}
kdc_tcp_listen = 127.0.0.1:${String(port)}
[realms]
${realm} = {
  database_name = ${join(folder, 'principal')}
  key_stash_file = ${join(folder, 'stash')}
  acl_file = ${join(folder, 'acl')}
  max_life = 1d
  master_key_type = aes256-cts
}
[logging]
kdc = FILE:${join(folder, 'kdc.log')}
`;
}

async function listenSilently(): Promise<{ port: number; end: () => void }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => sockets.push(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const datagrams = createSocket('udp4').bind(port, '127.0.0.1');
  await once(datagrams, 'listening');
  let isOver = false;
  const end = (): void => {
    if (isOver) return;
    isOver = true;
    datagrams.close();
    server.close();
    for (const socket of sockets.splice(0)) socket.destroy();
  };
  return { port, end };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function untilOpen(port: number, server: ChildProcess): Promise<void> {
  while (server.exitCode === null) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => {
        resolve(true);
      });
      socket.once('error', () => setTimeout(resolve, 50, false));
    });
    socket.destroy();
    if (isOpen) return;
  }
  throw new Error(`krb5kdc ended with ${String(server.exitCode)}`);
}
