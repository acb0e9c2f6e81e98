import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withMd4 } from '../../support/debian-python.ts';

export function isAnsibleWinrmInstalled(): boolean {
  return spawnSync('ansible', ['--version']).status === 0;
}

/** What Ansible says of one host. */
export interface AnsibleOutcome {
  readonly rc?: number;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly unreachable?: boolean;
  readonly msg?: string;
}

export interface AnsibleRun {
  /** Loopback ports by host name. */
  readonly hosts: Readonly<Record<string, number>>;
  readonly password?: string;
  readonly forks: number;
}

/** Runs one line on all hosts through `ansible.builtin.raw` over the winrm connection: NTLM with sealing. */
export async function ansibleRaw(
  line: string,
  { hosts, password = 'Pä$$wörd', forks }: AnsibleRun,
): Promise<Readonly<Record<string, AnsibleOutcome>>> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-ansible-winrm-'));
  try {
    writeFileSync(join(folder, 'hosts.json'), JSON.stringify(inventory(hosts, password)));
    const args = ['all', '-i', 'hosts.json', '-f', String(forks), '-t', 'results'];
    const said = await withMd4((environment) =>
      run([...args, '-m', 'ansible.builtin.raw', '-a', line], folder, environment),
    );
    return Object.fromEntries(Object.keys(hosts).map((host) => [host, result(folder, host, said)]));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function inventory(hosts: AnsibleRun['hosts'], password: string): object {
  const named = Object.entries(hosts).map(([name, port]) => [
    name,
    { ansible_host: '127.0.0.1', ansible_port: port },
  ]);
  return {
    all: {
      hosts: Object.fromEntries(named),
      vars: {
        ...{ ansible_connection: 'winrm', ansible_winrm_scheme: 'http', ansible_winrm_transport: 'ntlm' },
        ...{ ansible_user: 'CORP\\ops', ansible_password: password },
        ansible_winrm_message_encryption: 'always',
      },
    },
  };
}

function result(folder: string, host: string, said: string): AnsibleOutcome {
  const path = join(folder, 'results', host);
  if (!existsSync(path)) throw new Error(`ansible left no result of ${host}: ${said}`);
  return JSON.parse(readFileSync(path, 'utf8')) as AnsibleOutcome;
}

/** Gives what Ansible said, whatever its exit code, which counts hosts that failed. */
function run(args: readonly string[], folder: string, environment: Record<string, string>): Promise<string> {
  const child = spawn('ansible', args, {
    cwd: folder,
    env: { ...environment, ANSIBLE_HOME: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(said));
  });
}
