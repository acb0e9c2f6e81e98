import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { renderProblem } from '../../src/model/document.ts';
import { readPlaybook } from '../../src/model/read-playbook.ts';

const controls = new Map([
  ['smb1-server', { params: z.strictObject({ enabled: z.boolean() }) }],
  ['smb-server-signing', { params: z.strictObject({ require: z.boolean() }) }],
]);

const sound = `version: 1
name: SMB hardening
hosts: all
windows:
  nights:
    days: [mon, tue]
    start: "22:00"
    duration: 6h
    timezone: Europe/Berlin
  now: { always: true }
freezes:
  - { name: year end, from: 2026-12-18, to: 2027-01-06, timezone: Europe/Berlin }
phases:
  - name: disable-smb1
    controls:
      smb1-server: { enabled: false }
    window: nights
    waves: [{ hosts: canary, soak: 24h }, 3, 10%, 50%, rest]
  - name: enforce
    needs: [disable-smb1]
    controls:
      smb-server-signing: { require: true }
    window: "{{ countersign_window }}"
    gates:
      - manual: { ask: "Confirmed?" }
`;

/** The sound playbook with one text in place of another, which must be there. */
function changed(from: string, to: string): string {
  expect(sound).toContain(from);
  return sound.replace(from, to);
}

function problemsOf(text: string): readonly string[] {
  const read = readPlaybook(text, 'p.yml', controls);
  return read.ok ? [] : read.error.map((it) => renderProblem(it).replace('\n  ', ' | '));
}

test('a sound playbook is read, with defaults filled in and positions kept', () => {
  const read = readPlaybook(sound, 'p.yml', controls);

  if (!read.ok) throw new Error(read.error.map(renderProblem).join('\n'));
  const { playbook, source } = read.value;
  expect(playbook.windows['nights']).toMatchObject({ start: '22:00', cutoff: 'auto' });
  expect(playbook.defaults).toEqual({});
  expect(playbook.phases.map(({ name, controls: set }) => [name, set])).toEqual([
    ['disable-smb1', { 'smb1-server': { enabled: false } }],
    ['enforce', { 'smb-server-signing': { require: true } }],
  ]);
  expect(source.positionOf(['phases', 1, 'window'])).toEqual({ file: 'p.yml', line: 23, column: 13 });
});

describe('mistakes are told at their place, with a hint', () => {
  test.each([
    ['hosts: all', 'host: all', 'p.yml:3:1: Unknown key host (document.unknown-key) | Did you mean hosts?'],
    [
      'window: nights',
      'windw: nights',
      'p.yml:17:5: Unknown key windw (document.unknown-key) | Did you mean window?',
    ],
    [
      '{ hosts: canary, soak: 24h }',
      '{ hosts: canary, soka: 24h }',
      'p.yml:18:30: Unknown key soka (document.unknown-key) | Did you mean soak?',
    ],
    [
      'days: [mon, tue]',
      'day: [mon]',
      'p.yml:6:5: Unknown key day (document.unknown-key) | Did you mean days?',
    ],
    ['name: SMB hardening\n', '', 'p.yml:1:1: Key name is missing (document.missing-key)'],
    [
      'version: 1',
      'version: 2',
      'p.yml:1:10: version is not valid: invalid input: expected 1 (document.invalid)',
    ],
    [
      '{ enabled: false }',
      '{ enabled: no }',
      'p.yml:16:31: phases[0].controls.smb1-server.enabled is not valid: invalid input: expected boolean, received string (document.invalid)',
    ],
    [
      'smb1-server:',
      'smb1-sever:',
      'p.yml:16:7: There is no control smb1-sever (playbook.unknown-control) | Did you mean smb1-server?',
    ],
    [
      'window: nights',
      'window: nigths',
      "p.yml:17:13: Window nigths is not among the playbook's windows (playbook.unknown-window) | Did you mean nights?",
    ],
    [
      'needs: [disable-smb1]',
      'needs: [disable-smb]',
      'p.yml:20:13: Phase disable-smb is needed, but no phase has that name (playbook.unknown-phase) | Did you mean disable-smb1?',
    ],
    [
      'needs: [disable-smb1]',
      'needs: [enforce]',
      'p.yml:20:13: Phase enforce is needed, but it does not stand before this one (playbook.later-phase) | Phases run in file order: move the needed phase up.',
    ],
    [
      'name: enforce',
      'name: disable-smb1',
      'p.yml:19:11: A phase named disable-smb1 stands already on line 14 (playbook.duplicate-phase) | Give each phase a name of its own.',
    ],
    [
      'soak: 24h',
      'soak: a day',
      'p.yml:18:36: a day is not a duration (document.duration) | Write it as 30d, 24h, 1h30m, 45s or PT20M.',
    ],
    [
      'duration: 6h\n    timezone: Europe/Berlin',
      'duration: 6h\n    timezone: Europe/Belrin',
      'p.yml:9:15: Europe/Belrin is not a time zone of the IANA database (document.timezone) | Did you mean Europe/Berlin?',
    ],
    [
      'to: 2027-01-06',
      'to: 2025-01-06',
      'p.yml:12:45: The freeze ends on 2025-01-06, before it begins on 2026-12-18 (playbook.freeze-order) | Both dates belong to the freeze; `to` must not be before `from`.',
    ],
    [
      'manual: { ask: "Confirmed?" }',
      'no-smb1-use: { since: 30d }',
      'p.yml:25:9: Gate no-smb1-use needs evidence that this version does not gather yet (playbook.gate-not-yet) | Put a `manual` gate in its place; evidence gates come with a later version.',
    ],
    [
      'manual: { ask: "Confirmed?" }',
      'manaul: { ask: "Confirmed?" }',
      'p.yml:25:9: There is no gate manaul (playbook.unknown-gate) | Did you mean manual?',
    ],
    [
      '"{{ countersign_window }}"',
      '"{{ other }}"',
      'p.yml:23:13: Template {{ other }} cannot be used here (playbook.template) | The only template of a playbook is `window: "{{ countersign_window }}"`.',
    ],
    [
      'hosts: all',
      'hosts: "{{ countersign_window }}"',
      'p.yml:3:8: Template {{ countersign_window }} cannot be used here (playbook.template) | The only template of a playbook is `window: "{{ countersign_window }}"`.',
    ],
    [
      'days: [mon, tue]',
      'days: [mon]\n    patch_tuesday: +4d',
      'p.yml:7:20: The window cannot be used: it has both `days` and `patch_tuesday` (playbook.window-rule) | Give either `days` or `patch_tuesday`, a duration above zero, and a cutoff below it.',
    ],
    [
      'duration: 6h',
      'duration: 0h',
      'p.yml:8:15: The window cannot be used: its duration is zero (playbook.window-rule) | Give either `days` or `patch_tuesday`, a duration above zero, and a cutoff below it.',
    ],
    [
      'duration: 6h',
      'duration: 6h\n    cutoff: 6h',
      'p.yml:9:13: The window cannot be used: its cutoff leaves no time (playbook.window-rule) | Give either `days` or `patch_tuesday`, a duration above zero, and a cutoff below it.',
    ],
    [
      '10%, 50%',
      '10%, 150%',
      'p.yml:18:51: Wave 150% cannot be: a share is at most 100% (playbook.wave-share) | Shares are cumulative and must rise, as in [canary, 10%, 50%, rest].',
    ],
    [
      '10%, 50%',
      '50%, 10%',
      'p.yml:18:51: Wave 10% cannot be: an earlier wave reaches 50% already (playbook.wave-share) | Shares are cumulative and must rise, as in [canary, 10%, 50%, rest].',
    ],
    [
      '50%, rest',
      'rest, 50%',
      'p.yml:18:57: Wave 50% stands after `rest`, which leaves no host for it (playbook.wave-after-rest) | Make `rest` the last wave.',
    ],
  ])('%j → %j', (from, to, told) => {
    expect(problemsOf(changed(from, to))).toEqual([told]);
  });
});

test('a window without its parts is told which are missing, not that no kind fits', () => {
  const told = problemsOf(changed('start: "22:00"\n    duration: 6h\n', 'start: "25:00"\n'));

  expect(told.map((it) => it.split(' ')[0])).toEqual(['p.yml:6:5:', 'p.yml:7:12:']);
  expect(told[0]).toContain('Key duration is missing');
  expect(told[1]).toContain('windows.nights.start is not valid');
});

test('all problems are told in one go, in the order of the file', () => {
  const broken = changed('duration: 6h', 'duration: 6x')
    .replace('window: nights', 'windw: nights')
    .replace('needs: [disable-smb1]', 'needs: [disable-smb]')
    .replace('{ require: true }', '{ require: 1 }');

  expect(problemsOf(broken).map((it) => /^p.yml:(\d+):.*\((.*?)\)/.exec(it)?.slice(1))).toEqual([
    ['8', 'document.duration'],
    ['17', 'document.unknown-key'],
    ['20', 'playbook.unknown-phase'],
    ['22', 'document.invalid'],
  ]);
});

test.each([
  '',
  '[]',
  'just a text',
  'null',
  'phases: 3',
  'phases: [null]',
  'windows: [a]',
  '{phases: [{waves: 1, gates: x, needs: y}]}',
])('%j is no playbook, and is refused without a crash', (text) => {
  expect(problemsOf(text).length).toBeGreaterThan(0);
});
