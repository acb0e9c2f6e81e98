import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { debianVersion } from './pywinrm.ts';
import { account, scripts } from './work.ts';
import type { ClientJob, JobReport } from './work.ts';

type FleetJob = Extract<ClientJob, { kind: 'fleet' }>;

/** Ansible with its winrm connection: a playbook of `raw` tasks. */
export interface Ansible {
  readonly name: string;
  run(job: FleetJob): Promise<JobReport>;
}

/** Undefined where Ansible is not installed. */
export function findAnsible(environment: Readonly<Record<string, string>>): Ansible | undefined {
  if (spawnSync('/usr/bin/ansible-playbook', ['--version']).status !== 0) return undefined;
  return {
    name: `ansible-core ${debianVersion('ansible-core')}, winrm connection`,
    run: async (job) => {
      const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'));
      try {
        writeFileSync(join(folder, 'hosts.json'), JSON.stringify(inventory(job)));
        writeFileSync(join(folder, 'play.json'), JSON.stringify(playbook(job)));
        return await play(job, folder, environment);
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  };
}

interface Played {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly said: string;
}

async function play(
  job: FleetJob,
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<JobReport> {
  const command = ['/usr/bin/ansible-playbook', '-i', 'hosts.json', '-f', String(job.forks), 'play.json'];
  const child = spawn(
    '/usr/bin/python3',
    ['-B', join(import.meta.dirname, 'ansible_client.py'), ...command],
    {
      cwd: folder,
      env: { ...environment, ANSIBLE_HOME: folder, ANSIBLE_HOST_KEY_CHECKING: 'False' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  await new Promise((resolve) => child.once('close', resolve));
  const { wallMs, cpuMs, said } = JSON.parse(printed) as Played;
  const answered = [...said.matchAll(/ok=(\d+)/g)].filter(
    ([, count]) => Number(count) === job.scripts,
  ).length;
  if (answered === 0) throw new Error(`no host answered Ansible: ${said}`);
  return { wallMs: [wallMs], cpuMs, answered };
}

function inventory({ ports, giveUpSeconds }: FleetJob): object {
  const hosts = ports.map(
    (port) => [`host-${port}`, { ansible_host: '127.0.0.1', ansible_port: port }] as const,
  );
  return {
    all: {
      hosts: Object.fromEntries<object>(hosts),
      vars: {
        ...{ ansible_connection: 'winrm', ansible_winrm_scheme: 'http', ansible_winrm_transport: 'ntlm' },
        ...{ ansible_user: account.user, ansible_password: account.password },
        ...{ ansible_winrm_message_encryption: 'always' },
        // The client waits longer than the server may hold a request, or pywinrm refuses the settings.
        ansible_winrm_operation_timeout_sec: Math.max(1, giveUpSeconds - 2),
        ansible_winrm_read_timeout_sec: giveUpSeconds,
      },
    },
  };
}

function playbook({ scripts: count }: FleetJob): object {
  const task = { 'ansible.builtin.raw': scripts.think, changed_when: false };
  return [{ hosts: 'all', gather_facts: false, tasks: Array.from({ length: count }, () => task) }];
}
