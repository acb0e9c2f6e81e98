import { afterAll, beforeAll, expect, test } from 'vitest';
import { programBackends } from '../../support/cmd-host.ts';
import { oracle } from '../../support/oracles.ts';
import { findPowerShell } from '../../support/powershell.ts';
import { engineBackends, serveHost } from '../../support/winrm-host.ts';
import type { ServedHost } from '../../support/winrm-host.ts';
import { findPywinrm } from '../pywinrm/pywinrm.ts';
import { ansibleRaw, isAnsibleWinrmInstalled } from './ansible-winrm.ts';

const idle = engineBackends(() => new Promise(() => undefined));

oracle(
  "Ansible's winrm connection as a client of our server half",
  () => isAnsibleWinrmInstalled() && findPywinrm() !== undefined && findPowerShell() !== undefined,
  () => {
    const served: ServedHost[] = [];
    let hosts: Record<string, number>;
    beforeAll(async () => {
      for (const name of ['FS-01', 'FS-02', 'FS-03'])
        served.push(await serveHost(idle, { name, cmd: programBackends() }));
      hosts = Object.fromEntries(served.map(({ server }, index) => [`fs-0${index + 1}`, server.port]));
    });
    afterAll(async () => {
      for (const { server } of served) await server.close();
    });

    test('three hosts at two forks answer with output, errors and exit code, and keep no shell', async () => {
      const line = "'out ✓ 😀'; [Console]::Error.Write('err äöü'); exit 3";

      const results = await ansibleRaw(line, { hosts, forks: 2 });

      expect(Object.keys(results)).toHaveLength(3);
      for (const result of Object.values(results))
        expect(result).toMatchObject({ rc: 3, stdout: 'out ✓ 😀\n', stderr: 'err äöü' });
      expect(served.map(({ host }) => host.openShells)).toEqual([0, 0, 0]);
    });

    test('output of several envelopes arrives whole', async () => {
      const line = 'foreach ($i in 1..1200) { "$i " + \'x\' * 1000 }';

      const results = await ansibleRaw(line, { hosts: { 'fs-01': hosts['fs-01']! }, forks: 1 });

      const lines = results['fs-01']!.stdout!.trimEnd().split('\n');
      expect(lines).toEqual(Array.from({ length: 1200 }, (_, index) => `${index + 1} ${'x'.repeat(1000)}`));
    });

    test('a wrong password makes the host unreachable, by that reason', async () => {
      const results = await ansibleRaw('1', {
        hosts: { 'fs-01': hosts['fs-01']! },
        forks: 1,
        password: 'no',
      });

      expect(results['fs-01']).toMatchObject({ unreachable: true });
      expect(results['fs-01']!.msg).toContain('credentials were rejected');
    });
  },
);
