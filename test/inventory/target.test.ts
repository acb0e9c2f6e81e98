import { describe, expect, test } from 'vitest';
import { failure } from '../../src/core/failure.ts';
import { err, ok } from '../../src/core/result.ts';
import { seconds } from '../../src/core/time.ts';
import type { ReadText } from '../../src/inventory/connection-reader.ts';
import { pathFrom } from '../../src/inventory/files.ts';
import { inventoryDocument } from '../../src/inventory/inventory-document.ts';
import { targetOf } from '../../src/inventory/target.ts';
import { hostOf, inventoryOf, problemsOf, warningsOf } from './fixture.ts';
import type { Texts } from './fixture.ts';

const login = { ansible_user: 'CORP\\svc', ansible_password: 'pw' };

function filesOf(vars: Readonly<Record<string, unknown>>) {
  return { 'inv/h.json': JSON.stringify({ web: { hosts: { a: vars } } }) };
}

const noFiles: ReadText = (path) => err(failure('file.not-found', { path }));

/** Reads what is there, whatever the test's inventory names. */
const filesAt = (texts: Texts): ReadText => {
  return (path) => (texts[path] === undefined ? noFiles(path) : ok(texts[path]));
};

function target(vars: Readonly<Record<string, unknown>>, readText = noFiles) {
  return targetOf(hostOf(inventoryOf(filesOf(vars)), 'a'), readText);
}

test('psrp with nothing but a login is TLS on 5986 with what Ansible assumes', () => {
  const made = target({ ansible_connection: 'psrp', ...login });

  if (!made.ok) throw made.error;
  expect({ ...made.value, password: made.value.password.reveal() }).toEqual({
    host: 'a',
    address: 'a',
    port: 5986,
    scheme: 'https',
    path: '/wsman',
    auth: 'negotiate',
    user: 'CORP\\svc',
    password: 'pw',
    configuration: 'Microsoft.PowerShell',
    connectTimeout: seconds(30),
    operationTimeout: seconds(20),
  });
});

describe('connection variables', () => {
  test.each([
    [{ ansible_port: 5985 }, { port: 5985, scheme: 'http' }],
    [
      { ansible_port: '5985', ansible_psrp_protocol: 'https' },
      { port: 5985, scheme: 'https' },
    ],
    [{ ansible_psrp_protocol: 'http' }, { port: 5985, scheme: 'http' }],
    [{ ansible_port: 15985 }, { port: 15985, scheme: 'https' }],
    [{ ansible_host: '10.0.0.1' }, { host: 'a', address: '10.0.0.1' }],
    [{ ansible_host: 'x', ansible_psrp_host: 'y' }, { address: 'y' }],
    [{ ansible_psrp_path: 'jea/wsman' }, { path: '/jea/wsman' }],
    [{ ansible_psrp_configuration_name: 'Jea' }, { configuration: 'Jea' }],
    [
      { ansible_psrp_connection_timeout: 5, ansible_psrp_operation_timeout: '60' },
      { connectTimeout: 5000, operationTimeout: 60_000 },
    ],
    [{ ansible_psrp_auth: 'ntlm' }, { auth: 'ntlm' }],
    [{ ansible_psrp_auth: 'kerberos' }, { auth: 'kerberos' }],
  ])('psrp: %j', (vars, expected) => {
    expect(target({ ansible_connection: 'psrp', ...login, ...vars })).toMatchObject({
      ok: true,
      value: expected,
    });
  });

  test.each([
    [{ ansible_port: 5985 }, { port: 5985, scheme: 'http' }],
    [{ ansible_winrm_scheme: 'http' }, { port: 5985, scheme: 'http' }],
    [{ ansible_host: 'x', ansible_winrm_host: 'y', ansible_psrp_host: 'z' }, { address: 'y' }],
    [{ ansible_winrm_transport: ['kerberos', 'ntlm'] }, { auth: 'negotiate' }],
    [{ ansible_winrm_transport: ['ntlm', 'kerberos'] }, { auth: 'ntlm' }],
    [{ ansible_winrm_transport: 'credssp, ntlm' }, { auth: 'ntlm' }],
    [{ ansible_winrm_transport: 'ssl' }, { auth: 'basic' }],
    [{ ansible_winrm_path: '/wsman-2' }, { path: '/wsman-2' }],
    [{ ansible_winrm_operation_timeout_sec: 45 }, { operationTimeout: 45_000 }],
  ])('winrm: %j', (vars, expected) => {
    expect(target({ ansible_connection: 'winrm', ...login, ...vars })).toMatchObject({
      ok: true,
      value: expected,
    });
  });

  test.each(['ansible_winrm_password', 'ansible_winrm_pass', 'ansible_psrp_password'])(
    '%s beats ansible_password',
    (name) => {
      const made = target({ ansible_connection: 'psrp', ...login, [name]: 'stronger' });

      expect(made.ok && made.value.password.reveal()).toBe('stronger');
    },
  );
});

describe('the other side of TLS', () => {
  const files = { 'inv/ca.pem': 'CA', '/etc/ops/ca.pem': 'other CA', '~/ops.pem': 'certificate' };
  const psrp = { ansible_connection: 'psrp', ...login };
  const winrm = { ansible_connection: 'winrm', ...login };
  const pin = 'AB:'.repeat(31) + 'cd';

  test.each([
    [{ ...psrp, ansible_psrp_ca_cert: 'ca.pem' }, { ca: 'CA' }],
    [{ ...psrp, ansible_psrp_cert_trust_path: 'ca.pem' }, { ca: 'CA' }],
    [{ ...winrm, ansible_winrm_ca_trust_path: '/etc/ops/ca.pem' }, { ca: 'other CA' }],
    [{ ...psrp, countersign_tls_pin: pin }, { pin }],
    [{ ...winrm, countersign_tls_pin: pin }, { pin }],
    [{ ...psrp, countersign_tls_server_name: 'fs-01.corp.example' }, { serverName: 'fs-01.corp.example' }],
  ])('%j', (vars, tls) => {
    const made = target(vars, filesAt(files));

    expect(made.ok && made.value.tls).toEqual(tls);
  });

  test.each([
    ['inv/hosts.yml', 'ca.pem', 'inv/ca.pem'],
    ['inv/group_vars/all.yml', 'tls/ca.pem', 'inv/tls/ca.pem'],
    ['inv/group_vars/all/deep.yml', 'ca.pem', 'inv/ca.pem'],
    ['host_vars/a.yml', 'ca.pem', 'ca.pem'],
    ['inv/my_group_vars/x.yml', 'ca.pem', 'inv/my_group_vars/ca.pem'],
    ['-e', 'ca.pem', 'ca.pem'],
    ['inv/hosts.yml', '/etc/ca.pem', '/etc/ca.pem'],
    ['inv/hosts.yml', '~/ca.pem', '~/ca.pem'],
    ['inv/hosts.yml', String.raw`C:\ca.pem`, 'C:/ca.pem'],
  ])('a path in %s begins at the inventory: %s is %s', (file, named, expected) => {
    expect(pathFrom(file, named)).toBe(expected);
  });

  test('a file that cannot be read refuses the host, and says which variable names it', () => {
    const made = target({ ...psrp, ansible_psrp_ca_cert: 'gone.pem' });

    expect(made).toMatchObject({ ok: false, error: { code: 'inventory.connection' } });
    expect(made.ok ? '' : made.error.message).toMatch(
      /ansible_psrp_ca_cert names a file that cannot be used: .*inv\/gone\.pem/,
    );
  });

  test('certificates and keys in the folder of the inventory are no part of it', () => {
    const pems = {
      'inv/ca.pem': '-----BEGIN',
      'inv/ops.key': '-----BEGIN',
      'inv/tls/host.crt': '{',
      'inv/x.cer': '\0',
    };

    expect(problemsOf({ ...filesOf({ ...psrp }), ...pems })).toEqual([]);
  });

  test('a pin that is no SHA-256 fingerprint refuses the host', () => {
    const made = target({ ...psrp, countersign_tls_pin: 'AB:CD' });

    expect(made.ok ? '' : made.error.message).toContain('countersign_tls_pin is AB:CD, which is no SHA-256');
  });
});

describe('a logon by certificate', () => {
  const files = { 'inv/ops.pem': 'certificate', 'inv/ops.key': 'private' };
  const pems = { ansible_psrp_certificate_pem: 'ops.pem', ansible_psrp_certificate_key_pem: 'ops.key' };
  const psrp = { ansible_connection: 'psrp', ansible_psrp_auth: 'certificate' };

  test('takes two PEM files, no user and no password', () => {
    const made = target({ ...psrp, ...pems }, filesAt(files));

    if (!made.ok) throw made.error;
    const { user, password, auth, tls } = made.value;
    expect([auth, user, password.reveal()]).toEqual(['certificate', '', '']);
    expect([tls?.clientCertificate?.certificate, tls?.clientCertificate?.key.reveal()]).toEqual([
      'certificate',
      'private',
    ]);
    expect(tls?.clientCertificate?.passphrase).toBeUndefined();
  });

  test('reads the names of the winrm plugin, and the passphrase of the key', () => {
    const made = target(
      {
        ...{ ansible_connection: 'winrm', ansible_winrm_transport: 'certificate' },
        ...{ ansible_winrm_cert_pem: 'ops.pem', ansible_winrm_cert_key_pem: 'ops.key' },
        countersign_tls_key_passphrase: 'geheim',
      },
      filesAt(files),
    );

    expect(made.ok && made.value.tls?.clientCertificate?.passphrase?.reveal()).toBe('geheim');
    expect(JSON.stringify(made)).not.toMatch(/geheim|private/);
  });

  test.each([
    [{}, 'ansible_psrp_certificate_pem is not set'],
    [{ ansible_psrp_certificate_pem: 'ops.pem' }, 'ansible_psrp_certificate_key_pem is not set'],
    [{ ...pems, ansible_psrp_certificate_key_pem: 'gone' }, 'ansible_psrp_certificate_key_pem names a file'],
  ])('with %j is refused', (vars, message) => {
    const made = target({ ...psrp, ...vars }, filesAt(files));

    expect(made.ok ? '' : made.error.message).toContain(message);
  });

  test('is what the files are for: another logon does not read them', () => {
    const made = target({ ansible_connection: 'psrp', ...login, ...pems });

    expect(made).toMatchObject({ ok: true });
    expect(made.ok && made.value.tls).toBeUndefined();
  });
});

describe('Kerberos', () => {
  test('needs no password, where a ticket is there', () => {
    const made = target({ ansible_connection: 'psrp', ansible_psrp_auth: 'kerberos' });

    expect(made).toMatchObject({ ok: true, value: { user: '' } });
    expect(made.ok && made.value.password.reveal()).toBe('');
    expect(made.ok && made.value.kerberos).toBeUndefined();
  });

  test.each([
    [
      { ansible_connection: 'psrp', ansible_psrp_negotiate_hostname_override: 'fs-01' },
      { hostname: 'fs-01' },
    ],
    [{ ansible_connection: 'psrp', ansible_psrp_negotiate_service: 'HTTP' }, { service: 'HTTP' }],
    [
      {
        ...{ ansible_connection: 'winrm', ansible_winrm_kerberos_hostname_override: 'fs-01' },
        ansible_winrm_service: 'HTTP',
      },
      { hostname: 'fs-01', service: 'HTTP' },
    ],
  ])('%j', (vars, kerberos) => {
    const made = target({ ...login, ...vars });

    expect(made.ok && made.value.kerberos).toEqual(kerberos);
  });
});

describe('a proxy', () => {
  const through = (url: unknown) => target({ ansible_connection: 'psrp', ...login, ansible_psrp_proxy: url });

  test.each([
    ['http://proxy.corp.example:3128', { address: 'proxy.corp.example', port: 3128 }],
    ['proxy.corp.example:3128', { address: 'proxy.corp.example', port: 3128 }],
    ['http://proxy', { address: 'proxy', port: 80 }],
    ['http://[fe80::1]:3128/', { address: 'fe80::1', port: 3128 }],
    ['http://web@proxy:1', { address: 'proxy', port: 1, user: 'web' }],
  ])('%s', (url, proxy) => {
    const made = through(url);

    expect(made.ok && made.value.proxy).toEqual(proxy);
  });

  test('may have a user and a password, which no output shows', () => {
    const url = 'http://web:p%40ss-hunter2@proxy:3128';
    const made = through(url);
    const inventory = inventoryOf(
      filesOf({ ansible_connection: 'winrm', ...login, ansible_winrm_proxy: url }),
    );

    expect(made.ok && made.value.proxy?.password?.reveal()).toBe('p@ss-hunter2');
    expect(JSON.stringify(made)).not.toContain('hunter2');
    expect(JSON.stringify(inventoryDocument(inventory))).not.toContain('hunter2');
  });

  test.each([
    ['https://web:hunter2@proxy', 'is not the URL of an HTTP proxy'],
    ['socks5://web:hunter2@proxy', 'is not the URL of an HTTP proxy'],
    ['http://web:hunter2@', 'is not the URL of an HTTP proxy'],
    ['http://web:%hunter2@proxy', 'has a user or password that cannot be read'],
    [['hunter2'], 'must be a text that is not empty'],
  ])('%j is refused without showing it', (url, message) => {
    const made = through(url);

    expect(made).toMatchObject({ ok: false, error: { code: 'inventory.connection' } });
    expect(made.ok ? '' : made.error.message).toContain(`ansible_psrp_proxy ${message}`);
    expect(JSON.stringify(made)).not.toContain('hunter2');
  });
});

describe('no target is made', () => {
  const psrp = { ansible_connection: 'psrp', ...login };

  test.each([
    [login, 'inventory.no-connection', 'a has no ansible_connection, so Ansible would use ssh'],
    [
      { ...login, ansible_connection: 'ssh' },
      'inventory.connection',
      'ansible_connection is "ssh", which is not WinRM',
    ],
    [
      { ansible_connection: 'psrp', ansible_user: 'u' },
      'inventory.connection',
      'ansible_password is not set',
    ],
    [
      { ansible_connection: 'psrp', ansible_password: 'p' },
      'inventory.connection',
      'ansible_user is not set',
    ],
    [
      { ...psrp, ansible_password: '' },
      'inventory.connection',
      'ansible_password must be a text that is not empty',
    ],
    [
      { ...psrp, ansible_port: 'many' },
      'inventory.connection',
      'ansible_port is many, but a port is a number',
    ],
    [{ ...psrp, ansible_psrp_port: 70000 }, 'inventory.connection', 'ansible_psrp_port is 70000'],
    [{ ...psrp, ansible_psrp_protocol: 'ftp' }, 'inventory.connection', 'ansible_psrp_protocol is ftp'],
    [
      { ...psrp, ansible_psrp_auth: 'credssp' },
      'inventory.connection',
      'ansible_psrp_auth is credssp, of which none is known',
    ],
    [
      { ...psrp, ansible_psrp_connection_timeout: 0 },
      'inventory.connection',
      'ansible_psrp_connection_timeout is 0',
    ],
    [{ ...psrp, ansible_host: ['a'] }, 'inventory.connection', 'ansible_host must be a text'],
    [
      { ...psrp, ansible_password: "{{ lookup('env', 'PW') }}" },
      'inventory.environment',
      'Variable ansible_password of a needs the environment variable PW',
    ],
  ])('%j', (vars, code, message) => {
    const made = target(vars);

    expect(made).toMatchObject({ ok: false, error: { code } });
    if (!made.ok) expect(made.error.message).toContain(message);
  });
});

test('a password never shows, however the target is printed', () => {
  const made = target({ ansible_connection: 'psrp', ansible_user: 'u', ansible_password: 'hunter2' });

  expect(JSON.stringify(made)).not.toContain('hunter2');
});

describe('what has no effect is told', () => {
  test.each(['ansible_psrp_cert_validation', 'ansible_winrm_server_cert_validation'])(
    '%s: ignore',
    (name) => {
      const told = warningsOf(filesOf({ ansible_connection: 'psrp', [name]: 'ignore' }));

      expect(told).toHaveLength(1);
      expect(told[0]).toContain(
        `${name} of a asks to skip the check of the certificate; it is checked all the same`,
      );
      expect(told[0]).toMatch(/ansible_psrp_ca_cert or ansible_winrm_ca_trust_path.*countersign_tls_pin/);
    },
  );

  test('unknown variables of the plugins, with the near one', () => {
    const told = warningsOf(filesOf({ ansible_connection: 'psrp', ansible_psrp_protocl: 'http', other: 1 }));

    expect(told).toHaveLength(1);
    expect(told[0]).toContain('ansible_psrp_protocl of a is not understood and has no effect');
    expect(told[0]).toContain('Did you mean ansible_psrp_protocol?');
  });

  test('but nothing of hosts that are not reached over WinRM', () => {
    expect(warningsOf(filesOf({ ansible_connection: 'local', ansible_psrp_foo: 1 }))).toEqual([]);
  });
});
