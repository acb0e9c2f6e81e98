import { expect, test } from 'vitest';
import { applyPlan } from '../../src/app/run-plan.ts';
import { gatedPlaybook, quickPlaybook, Site, until } from '../support/app-site.ts';
import type { RunningCli } from '../support/app-site.ts';

const two = [
  { name: 'fs-01', build: 'server-2019' },
  { name: 'ws-01', build: 'windows-10-22h2' },
] as const;
const because = ['--reason', 'CHG-1042'];

/** A run of two hosts that waits for an answer at its gate, controlled by this process. */
async function runAtGate(): Promise<{ site: Site; applying: RunningCli }> {
  const site = await Site.start({ hosts: two, playbook: gatedPlaybook });
  await site.plan();
  const applying = site.start('apply', 'plan.json');
  await until(() => applying.printed().includes('Are all vendors confirmed?'));
  return { site, applying };
}

test('promote answers the gate of a run from another terminal, with the reason on record', async () => {
  const { site, applying } = await runAtGate();

  const promoted = await site.cli('promote', ...because);

  expect(promoted).toMatchObject({
    code: 0,
    out: expect.stringContaining('its controller takes it up at once'),
  });
  expect((await applying.finished).code).toBe(0);
  expect(applying.printed()).toMatch(/CHG-1042/);
  expect(site.effects()).toHaveLength(4);
});

test('pause stops what has not begun, and resume lets the living controller go on', async () => {
  const { site, applying } = await runAtGate();

  await site.cli('pause', ...because);
  await until(() => /paused/i.test(applying.printed()));
  await site.cli('promote', ...because);
  const paused = await site.cli('runs');
  const resumed = await site.cli('resume', '--reason', 'vendor has answered');

  expect(paused.out).toMatch(/paused/);
  expect(resumed).toMatchObject({
    code: 0,
    out: expect.stringContaining('its controller was told to go on'),
  });
  expect((await applying.finished).code).toBe(0);
  expect(site.effects()).toHaveLength(4);
});

test('abort ends a run for good: exit 5, nothing was written, and it cannot be steered any more', async () => {
  const { site, applying } = await runAtGate();

  await site.cli('abort', ...because);
  const { code } = await applying.finished;
  const late = await site.cli('promote', ...because);

  expect(code).toBe(5);
  expect(site.effects()).toEqual([]);
  expect(late).toMatchObject({ code: 64, err: expect.stringContaining('has ended (aborted)') });
});

test('a held host is left out (exit 3), and done by resume after its release', async () => {
  const { site, applying } = await runAtGate();

  await site.cli('hold', 'ws-01', ...because);
  await until(() => applying.printed().includes('ws-01'));
  await site.cli('promote', ...because);
  const held = await applying.finished;
  const writtenBefore = new Set(site.effects().map(({ host }) => host));
  await site.cli('release', 'ws-01', '--reason', 'backup is over');
  const resumed = await site.cli('resume');

  expect(held).toMatchObject({ code: 3, out: expect.stringMatching(/held +ws-01\n.*held by .*: CHG-1042/) });
  expect([...writtenBefore]).toEqual(['fs-01']);
  expect(resumed).toMatchObject({ code: 0, out: expect.stringMatching(/2 +changed/) });
});

test('a command for a run without a controller waits for resume, and says so', async () => {
  const site = await Site.start({ hosts: two, playbook: gatedPlaybook });
  await site.plan();
  const once = await site.cli('apply', 'plan.json', '--once');

  const promoted = await site.cli('promote', ...because);
  const resumed = await site.cli('resume');

  expect(once).toMatchObject({ code: 3, out: expect.stringContaining('next: countersign resume') });
  expect(promoted.out).toMatch(/no controller is at work: it takes effect with countersign resume/);
  expect(resumed.code).toBe(0);
});

test('a host that is not in the run, or a missing reason, is refused', async () => {
  const { site, applying } = await runAtGate();

  const nobody = await site.cli('hold', 'fs-10', ...because);
  const silent = await site.cli('pause');
  await site.cli('abort', ...because);

  expect(silent).toMatchObject({ code: 64, err: expect.stringContaining("--reason <text>' not specified") });
  expect(nobody).toMatchObject({
    code: 64,
    err: expect.stringMatching(/fs-10 .*\n {2}Did you mean fs-01\?/),
  });
  await applying.finished;
});

test('a second apply on the state directory is refused with exit 8 and names the run, or who holds it', async () => {
  const { site, applying } = await runAtGate();
  await site.cli('plan', '-l', 'fs-01', '-o', 'other.json');

  const same = await site.cli('apply', 'plan.json');
  const other = await site.cli('apply', 'other.json');
  const resumed = await site.cli('resume');
  await site.cli('abort', ...because);

  expect(same).toMatchObject({
    code: 8,
    err: expect.stringMatching(/unfinished run.*\n {2}.*countersign resume/),
  });
  expect(other).toMatchObject({ code: 8, err: expect.stringMatching(/in use by process \d+ since/) });
  expect(resumed).toMatchObject({ code: 8 });
  expect((await applying.finished).code).toBe(5);
});

test('Ctrl-C at a gate lets go with exit 130 and the command to go on with', async () => {
  const { site, applying } = await runAtGate();

  applying.stop();
  const stopped = await applying.finished;
  await site.cli('promote', ...because);
  const resumed = await site.cli('resume');

  expect(stopped).toMatchObject({ code: 130, out: expect.stringMatching(/next: countersign resume \S+/) });
  expect(stopped.err).toContain('nothing new starts, what is in flight is finished');
  expect(resumed.code).toBe(0);
});

test('Ctrl-C during a reboot waits for its proof; resume finishes without a second one', async () => {
  const site = await Site.start({
    hosts: [
      { name: 'fs-01', build: 'server-2019', smb1: 'on', faults: [{ kind: 'slow-reboot', extraMs: 400 }] },
    ],
    playbook: quickPlaybook,
  });
  await site.plan();
  const applying = site.start('apply', 'plan.json', '--events', 'ndjson');
  await until(() => site.log.some(({ event }) => event === 'shutdown'));

  applying.stop();
  const stopped = await applying.finished;
  const booted = site.log.filter(({ event }) => event === 'reboot').length;
  const resumed = await site.cli('resume');

  expect(stopped.code).toBe(130);
  expect(booted).toBe(1);
  const outcomes = eventsIn(stopped.out).map(({ data }) => data.outcome);
  expect(outcomes).toContainEqual(expect.objectContaining({ kind: 'reboot-host', result: 'done' }));
  expect(resumed.code).toBe(0);
  expect(site.log.filter(({ event }) => event === 'shutdown')).toHaveLength(1);
});

test('watch follows a run from another terminal to its end, with its exit code', async () => {
  const { site, applying } = await runAtGate();
  const watching = site.start('watch', '--events', 'ndjson');
  await until(() => watching.printed().includes('gate.waiting'));

  await site.cli('promote', ...because);
  const [applied, watched] = [await applying.finished, await watching.finished];

  expect(watched.code).toBe(applied.code);
  const events = eventsIn(watched.out);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.at(-1)?.type).toBe('controller.stopped');
});

test('a second Ctrl-C leaves what is in flight to the next controller, which finds out and repeats nothing', async () => {
  const site = await Site.start({ playbook: quickPlaybook });
  const plan = await site.plan();
  const detach = new AbortController();
  const onEvent = (event: { type: string; data: unknown }) => {
    if (event.type === 'intent.recorded' && JSON.stringify(event.data).includes('reboot-host'))
      wantsReboot = true;
  };
  let wantsReboot = false;
  const applying = applyPlan(site.runtime(), plan, { detach: detach.signal, onEvent });
  await until(() => wantsReboot && site.log.some(({ event }) => event === 'shutdown'));

  detach.abort();
  await applying;
  const resumed = await site.cli('resume');

  expect(resumed.code).toBe(0);
  expect(site.log.filter(({ event }) => event === 'shutdown')).toHaveLength(1);
});

function eventsIn(out: string): { seq: number; type: string; data: { outcome?: unknown } }[] {
  return out
    .trim()
    .split('\n')
    .filter((line) => line.startsWith('{"'))
    .map((line) => JSON.parse(line));
}
