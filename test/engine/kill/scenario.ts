import { hostOf, phaseOf, planOf } from '../plan-fixture.ts';

const hosts = ['dc-1', 'dc-2', 'fs-1', 'fs-2', 'ws-1'];
const phases = ['disable', 'enforce'];

/** Two phases, two waves, a soak and a pair of which one must stay up. */
export const killPlan = planOf({
  hosts: hosts.map((host) => hostOf(host, phases)),
  phases: phases.map((name) =>
    phaseOf(name, hosts, {
      concurrency: 3,
      reboot: { when: 'needed', timeout: '20m', settle: '30s' },
      needs: name === 'enforce' ? ['disable'] : [],
      waves: [
        { name: 'canary', hosts: ['ws-1'], soak: '2m', gate: null },
        { name: 'rest', hosts: hosts.slice(0, 4), soak: null, gate: null },
      ],
    }),
  ),
  sets: [{ name: 'dc', hosts: ['dc-1', 'dc-2'], minAvailable: 1 }],
});
