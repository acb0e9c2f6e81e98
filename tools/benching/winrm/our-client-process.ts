import { limiter } from '../../../src/core/limiter.ts';
import { WinrmClient } from '../../../src/compose/winrm.ts';
import type { WinrmClientOptions } from '../../../src/remote/api/client-options.ts';
import { account, scripts } from './work.ts';
import type { ClientJob, JobReport } from './work.ts';

/** Does jobs with our own client, through its public API, and measures itself. */
process.on('message', (job: ClientJob) => {
  void perform(job).then((report) => process.send?.(report));
});
process.on('disconnect', () => process.exit(0));

/** CPU time of this process so far. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function perform(job: ClientJob): Promise<JobReport> {
  switch (job.kind) {
    case 'cold':
      return cold(job);
    case 'warm':
      return warm(job);
    case 'fleet':
      return fleet(job);
    case 'download':
      return download(job);
    case 'idle':
      return idle(job);
  }
}

function newClient(port: number, giveUpSeconds = 30, more: Partial<WinrmClientOptions> = {}): WinrmClient {
  const bound = `${giveUpSeconds}s`;
  const timeouts = { connect: bound, logon: bound };
  return new WinrmClient({ host: '127.0.0.1', port, auth: 'ntlm', timeouts, ...account, ...more });
}

async function cold({ port, count, handshake }: Extract<ClientJob, { kind: 'cold' }>): Promise<JobReport> {
  const wallMs: number[] = [];
  const cpuStart = cpuMs();
  for (let round = 0; round < count; round++) {
    const start = performance.now();
    const client = newClient(port, 30, handshake === undefined ? {} : { handshake });
    await client.invoke(scripts.think);
    wallMs.push(performance.now() - start);
    await client.close();
  }
  return { wallMs, cpuMs: cpuMs() - cpuStart };
}

async function warm({ port, count }: Extract<ClientJob, { kind: 'warm' }>): Promise<JobReport> {
  await using client = newClient(port);
  await using pool = await client.openPool();
  await pool.invoke(scripts.think);
  const wallMs: number[] = [];
  const cpuStart = cpuMs();
  for (let round = 0; round < count; round++) {
    const start = performance.now();
    await pool.invoke(scripts.think);
    wallMs.push(performance.now() - start);
  }
  return { wallMs, cpuMs: cpuMs() - cpuStart };
}

async function fleet(job: Extract<ClientJob, { kind: 'fleet' }>): Promise<JobReport> {
  const start = performance.now();
  const cpuStart = cpuMs();
  const answered = await limiter(job.ports, job.forks, async (port) => {
    await using client = newClient(port, job.giveUpSeconds);
    try {
      await using pool = await client.openPool();
      for (let round = 0; round < job.scripts; round++) await pool.invoke(scripts.think);
      return true;
    } catch {
      return false;
    }
  });
  const wallMs = [performance.now() - start];
  return { wallMs, cpuMs: cpuMs() - cpuStart, answered: answered.filter(Boolean).length };
}

type DownloadJob = Extract<ClientJob, { kind: 'download' }>;

async function download(job: DownloadJob): Promise<JobReport> {
  const logon = job.sealed
    ? ({ auth: 'ntlm' } as const)
    : ({ auth: 'basic', allowBasicOverHttp: true } as const);
  await using client = new WinrmClient({ host: '127.0.0.1', port: job.port, ...logon, ...account });
  const fetch = job.as === 'bytes' ? downloadBytes : downloadObjects;
  await fetch(client, 1);
  const [start, cpuStart] = [performance.now(), cpuMs()];
  const bytes = await fetch(client, job.megabytes);
  const report = { wallMs: [performance.now() - start], cpuMs: cpuMs() - cpuStart };
  if (bytes < job.megabytes * 0.99e6) throw new Error(`${bytes} bytes instead of ${job.megabytes} MB`);
  return report;
}

async function downloadBytes(client: WinrmClient, megabytes: number): Promise<number> {
  await using shell = await client.openCmd();
  let bytes = 0;
  for await (const { data } of shell.start(scripts.download(megabytes), [], { stdin: '' }))
    bytes += data.length;
  return bytes;
}

async function downloadObjects(client: WinrmClient, megabytes: number): Promise<number> {
  await using pool = await client.openPool();
  let bytes = 0;
  for await (const line of pool.start(scripts.download(megabytes)).output)
    bytes += typeof line === 'string' ? line.length : 0;
  return bytes;
}

async function idle({ ports }: Extract<ClientJob, { kind: 'idle' }>): Promise<JobReport> {
  const reach = async (port: number): Promise<WinrmClient> => {
    const client = newClient(port);
    const pool = await client.openPool();
    await pool.invoke(scripts.think);
    return client;
  };
  const [first = 0, ...rest] = ports;
  const clients = [await reach(first)];
  collect();
  const before = process.memoryUsage.rss();
  clients.push(...(await limiter(rest, 20, reach)));
  const after = process.memoryUsage.rss();
  collect();
  const needed = process.memoryUsage.rss();
  for (const client of clients) await client.close();
  return { wallMs: [], cpuMs: cpuMs(), residentBytes: { before, after, needed } };
}

/** Gives back what is free, for which V8 otherwise takes its time; the process runs with --expose-gc for it. */
function collect(): void {
  global.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
