import type { BenchResult } from '../result.ts';
import { findAnsible } from './ansible.ts';
import { benchDownload } from './download.ts';
import { benchFleet } from './fleet.ts';
import { BenchLab } from './lab.ts';
import { benchMemory } from './memory.ts';
import { withMd4 } from './md4.ts';
import { benchOneHost } from './one-host.ts';
import { ourClient } from './our-client.ts';
import { findPywinrm } from './pywinrm.ts';
import { benchWire } from './wire.ts';

/** Our client against its peers, on the same hosts, in one run. */
export async function benchWinrm({ quick }: { readonly quick: boolean }): Promise<readonly BenchResult[]> {
  const say = (progress: string): void => console.error(`bench: ${progress}`);
  const lab = new BenchLab();
  try {
    return await withMd4(async (environment) => {
      const [peer, ansible] = [findPywinrm(environment), findAnsible(environment)];
      if (peer === undefined) say('no python3-winrm here, so there is nobody to compare with');
      await lab.start(quick ? 200 : 1000, { tarpits: 20, dead: 20 });
      const common = { lab, ours: ourClient(), peer, say };
      return [
        ...(await benchOneHost({
          ...common,
          counts: quick ? { near: 60, far: 10 } : { near: 200, far: 25 },
          rounds: quick ? 1 : 3,
        })),
        ...(await benchFleet({ ...common, ansible, peerHosts: quick ? 8 : 20, peerScripts: quick ? 1 : 5 })),
        ...(await benchDownload({ ...common, megabytes: quick ? 20 : 100 })),
        ...(await benchMemory({ ...common, hosts: quick ? 200 : 1000, peerHosts: quick ? 20 : 100 })),
        ...benchWire(quick ? 300 : 1500, say),
      ];
    });
  } finally {
    lab.stop();
  }
}
