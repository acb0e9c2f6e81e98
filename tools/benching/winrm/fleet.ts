import { aim, compared } from '../result.ts';
import type { BenchResult } from '../result.ts';
import type { Ansible } from './ansible.ts';
import type { BenchLab, Site } from './lab.ts';
import { place } from './one-host.ts';
import type { ClientJob, JobClient, JobReport } from './work.ts';

export interface FleetOptions {
  readonly lab: BenchLab;
  readonly ours: JobClient;
  readonly ansible: Ansible | undefined;
  /** Ansible gets fewer hosts and scripts, since it needs a process and a logon for each; its figures are scaled. */
  readonly peerHosts: number;
  readonly peerScripts: number;
  readonly say: (progress: string) => void;
}

type FleetJob = Extract<ClientJob, { kind: 'fleet' }>;

const hosts = 200;
const scripts = 5;
const forks = 20;
const giveUpSeconds = 5;

/** Five scripts on each of 200 hosts: all well, near and far, and with hosts that are gone or never answer. */
export async function benchFleet(options: FleetOptions): Promise<readonly BenchResult[]> {
  const results: BenchResult[] = [];
  for (const site of options.lab.sites) results.push(...(await benchWell(options, site)));
  results.push(...(await benchUnwell(options)));
  return results;
}

async function benchWell(options: FleetOptions, site: Site): Promise<readonly BenchResult[]> {
  const { ours, ansible, peerHosts, peerScripts, say } = options;
  const name = `${hosts} hosts × ${scripts} scripts, ${forks} forks, ${place(site)}`;
  const settings = { kind: 'fleet', forks, giveUpSeconds: 60 } as const;
  say(name);
  const report = await ours.run({ ...settings, ports: site.healthy.slice(0, hosts), scripts });
  say(`${name}: Ansible on ${peerHosts} × ${peerScripts}`);
  const peerJob: FleetJob = { ...settings, ports: site.healthy.slice(0, peerHosts), scripts: peerScripts };
  const theirs = await ansible?.run(peerJob);
  return lines(
    name,
    options,
    report,
    theirs && scaled(theirs, (hosts * scripts) / (peerHosts * peerScripts)),
  );
}

/** A tenth of the hosts is gone, a tenth takes connections and never answers. */
async function benchUnwell(options: FleetOptions): Promise<readonly BenchResult[]> {
  const { lab, ours, ansible, peerHosts, peerScripts, say } = options;
  const [site] = lab.sites;
  const name = `${hosts} hosts × ${scripts} scripts, 10 % dead, 10 % tarpits, ${forks} forks, loopback`;
  const settings = { kind: 'fleet', forks, giveUpSeconds } as const;
  say(name);
  const report = await ours.run({ ...settings, ports: mixed(site, hosts), scripts });
  say(`${name}: Ansible on ${peerHosts} × ${peerScripts}`);
  const theirs = await ansible?.run({ ...settings, ports: mixed(site, peerHosts), scripts: peerScripts });
  return lines(
    name,
    options,
    report,
    theirs && scaled(theirs, (hosts * scripts) / (peerHosts * peerScripts)),
  );
}

/** Ports of `count` hosts in which every tenth is dead and every tenth a tarpit. */
function mixed({ healthy, dead, tarpits }: Site, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => {
    const tenth = Math.floor(index / 10);
    const port = [dead[tenth], tarpits[tenth]][index % 10] ?? healthy[index];
    return port ?? 0;
  });
}

function scaled(report: JobReport, factor: number): JobReport {
  return { ...report, wallMs: report.wallMs.map((ms) => ms * factor), cpuMs: report.cpuMs * factor };
}

function lines(
  name: string,
  { ansible, peerHosts, peerScripts }: FleetOptions,
  ours: JobReport,
  theirs: JobReport | undefined,
): readonly BenchResult[] {
  const peer = (value: (report: JobReport) => number) =>
    theirs && ansible && { name: ansible.name, value: value(theirs) };
  const wall = ({ wallMs: [ms = Number.NaN] }: JobReport): number => ms / 1000;
  const cpu = ({ cpuMs }: JobReport): number => cpuMs / 1000;
  const ratio = theirs === undefined ? Number.NaN : wall(theirs) / wall(ours);
  const note = [
    `${String(ours.answered)} of ${hosts} hosts answered`,
    ...(theirs === undefined
      ? []
      : [
          `Ansible ran ${peerHosts} hosts × ${peerScripts} scripts at equal forks, scaled`,
          aim('≥ 20× less wall time than Ansible', ratio >= 20),
        ]),
  ].join('; ');
  return [
    compared({ name: `${name}: wall time`, unit: 's', better: 'less' }, wall(ours), peer(wall), note),
    compared({ name: `${name}: CPU time`, unit: 's', better: 'less' }, cpu(ours), peer(cpu)),
  ];
}
