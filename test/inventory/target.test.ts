import { describe, expect, test } from 'vitest';
import { seconds } from '../../src/core/time.ts';
import { targetOf } from '../../src/inventory/target.ts';
import { hostOf, inventoryOf, warningsOf } from './fixture.ts';

const login = { ansible_user: 'CORP\\svc', ansible_password: 'pw' };

function filesOf(vars: Readonly<Record<string, unknown>>) {
  return { 'inv/h.json': JSON.stringify({ web: { hosts: { a: vars } } }) };
}

function target(vars: Readonly<Record<string, unknown>>) {
  return targetOf(hostOf(inventoryOf(filesOf(vars)), 'a'));
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
    [{ ansible_winrm_transport: ['kerberos', 'ntlm'] }, { auth: 'ntlm' }],
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
