import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { account, scripts } from './work.ts';
import type { JobClient, JobReport } from './work.ts';

const python = '/usr/bin/python3';
const probe = 'import winrm, requests_ntlm; print(winrm.__file__)';

/** Debian's pywinrm; undefined where it is not installed. */
export function findPywinrm(environment: Readonly<Record<string, string>>): JobClient | undefined {
  if (spawnSync(python, ['-c', probe]).status !== 0) return undefined;
  const settings = JSON.stringify({ ...account, think: scripts.think });
  return {
    name: `pywinrm ${debianVersion('python3-winrm')}`,
    cleansUpLater: false,
    run: async (job) => {
      const child = spawn(python, ['-B', join(import.meta.dirname, 'pywinrm_client.py'), settings], {
        env: { ...environment },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const answer = new Promise<JobReport>((resolve, reject) => {
        createInterface(child.stdout).once('line', (line) => resolve(JSON.parse(line) as JobReport));
        child.once('close', () => reject(new Error('pywinrm gave no report')));
      });
      child.stdin.end(`${JSON.stringify(job)}\n`);
      return answer;
    },
  };
}

/** As dpkg tells it; empty elsewhere. */
export function debianVersion(name: string): string {
  return spawnSync('dpkg-query', ['-W', '-f', '${Version}', name], { encoding: 'utf8' }).stdout.trim();
}
