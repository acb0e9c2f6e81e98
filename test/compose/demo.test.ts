import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, onTestFinished, test } from 'vitest';
import { planHosts } from '../../src/app/plan-hosts.ts';
import { applyPlan } from '../../src/app/run-plan.ts';
import { steerRun } from '../../src/app/steer-run.ts';
import { verifyRunJournal } from '../../src/app/verify-journal.ts';
import { composeDemo, demoSurprises } from '../../src/compose/demo.ts';
import { unwrap } from '../../src/core/result.ts';
import { until } from '../support/app-site.ts';

/** Listeners and connections of this process, and processes that it started. */
function held(): readonly string[] {
  return process.getActiveResourcesInfo().filter((name) => /^(TCP|Process)/.test(name));
}

test(
  'the demo’s fleet ends as the demo expects, and leaves no port behind',
  { timeout: 120_000 },
  async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'countersign-demo-'));
    onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
    const runtime = unwrap(composeDemo({ cwd: stateDir, env: {}, stateDir: '.' }));
    const selection = {
      inventory: ['inventories'],
      playbook: 'playbooks/smb-hardening.yml',
      extra: {},
      forks: 24,
    };
    const options = { offline: false, allowSpill: false };
    const plan = unwrap(await planHosts(runtime, selection, options, new AbortController().signal));

    const state = unwrap(
      await applyPlan(runtime, plan, {
        onEvent: ({ type, run }) => {
          if (type === 'gate.waiting') unwrap(steerRun(runtime, run, { command: 'promote', reason: 'test' }));
        },
      }),
    );
    const whileServing = held();
    await runtime.close();

    expect(demoSurprises(state)).toEqual([]);
    expect(state.ended?.state).toBe('finished');
    expect(unwrap(verifyRunJournal(runtime, state.run))).toMatchObject({
      integrity: { ok: true },
      completeness: { ok: true },
    });
    expect(whileServing.filter((name) => name === 'TCPServerWrap').length).toBeGreaterThan(20);
    // What was closed is gone in the next turn of the event loop.
    await until(() => held().length === 0);
  },
);
