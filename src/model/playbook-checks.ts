import { nearMatch } from '../core/near-match.ts';
import { problem } from './document.ts';
import type { Problem } from './document.ts';
import { checkCalendar, checkDuration } from './playbook-calendar.ts';
import { checkWaves } from './playbook-waves.ts';
import { entriesOf, itemsOf, memberOf, textOf } from './yaml-node.ts';
import type { YamlEntry, YamlNode } from './yaml-node.ts';
import type { YamlSource } from './yaml-source.ts';

/** Gates of contract.md §3 whose evidence is not gathered yet. */
const futureGates = ['no-smb1-use', 'no-unsigned-clients', 'signing-capable', 'command', 'http'];
const gates = ['manual'];

const windowTemplate = /^\{\{\s*countersign_window\s*\}\}$/;

/**
 * What no schema sees: names that refer to nothing, dates and shares that contradict each other. Reads the document
 * itself, so that it finds its problems even where the shape is broken elsewhere.
 */
export function checkPlaybook({ root }: YamlSource, controls: readonly string[]): readonly Problem[] {
  const phases = itemsOf(memberOf(root, 'phases'));
  const windows = entriesOf(memberOf(root, 'windows')).map(({ key }) => key);
  return [
    ...checkCalendar(root),
    ...checkPhaseNames(phases),
    ...phases.flatMap((phase) => [
      ...checkWindow(phase, windows),
      ...checkControls(phase, controls),
      ...itemsOf(memberOf(phase, 'gates')).flatMap(checkGate),
      ...checkDurations(phase),
      ...checkWaves(itemsOf(memberOf(phase, 'waves'))),
    ]),
    ...checkTemplates(root, []),
  ];
}

/** Phases run in file order, so a phase can need only earlier ones. */
function checkPhaseNames(phases: readonly YamlNode[]): readonly Problem[] {
  const nameOf = (phase: YamlNode | undefined): string | undefined => textOf(memberOf(phase, 'name'));
  const all = phases.map(nameOf);
  return phases.flatMap((phase, index) => {
    const name = nameOf(phase);
    const first = phases[all.indexOf(name)];
    const isRepeated = name !== undefined && first !== undefined && first !== phase;
    const at = memberOf(phase, 'name')?.at ?? phase.at;
    const line = memberOf(first, 'name')?.at.line;
    const repeated = isRepeated ? [problem(at, 'playbook.duplicate-phase', { phase: name, line })] : [];
    const before = all.slice(0, index).filter((it) => it !== undefined);
    const needs = itemsOf(memberOf(phase, 'needs')).flatMap((need) => checkNeed(need, before, all));
    return [...repeated, ...needs];
  });
}

function checkNeed(
  need: YamlNode,
  before: readonly string[],
  all: readonly (string | undefined)[],
): readonly Problem[] {
  const phase = textOf(need);
  if (phase === undefined || before.includes(phase)) return [];
  if (all.includes(phase)) return [problem(need.at, 'playbook.later-phase', { phase })];
  const known = before.join(', ');
  return [problem(need.at, 'playbook.unknown-phase', { phase, known, near: nearMatch(phase, before) })];
}

function checkWindow(phase: YamlNode, windows: readonly string[]): readonly Problem[] {
  const node = memberOf(phase, 'window');
  const window = textOf(node);
  if (node === undefined || window === undefined || windowTemplate.test(window)) return [];
  if (windows.includes(window) || isTemplate(window)) return [];
  const known = windows.length === 0 ? undefined : windows.join(', ');
  return [problem(node.at, 'playbook.unknown-window', { window, known, near: nearMatch(window, windows) })];
}

function checkControls(phase: YamlNode, controls: readonly string[]): readonly Problem[] {
  return entriesOf(memberOf(phase, 'controls')).flatMap(({ key, keyAt }) => {
    if (controls.includes(key)) return [];
    const details = { control: key, known: controls.join(', '), near: nearMatch(key, controls) };
    return [problem(keyAt, 'playbook.unknown-control', details)];
  });
}

function checkGate(gate: YamlNode): readonly Problem[] {
  if (textOf(gate) !== undefined) return [refuseGate({ key: textOf(gate) ?? '', keyAt: gate.at })];
  return entriesOf(gate)
    .filter(({ key }) => !gates.includes(key))
    .map(refuseGate);
}

function refuseGate({ key, keyAt }: Pick<YamlEntry, 'key' | 'keyAt'>): Problem {
  if (futureGates.includes(key)) return problem(keyAt, 'playbook.gate-not-yet', { gate: key });
  const near = nearMatch(key, gates);
  return problem(keyAt, 'playbook.unknown-gate', { gate: key, known: gates.join(', '), near });
}

function checkDurations(phase: YamlNode): readonly Problem[] {
  const reboot = memberOf(phase, 'reboot');
  const waves = itemsOf(memberOf(phase, 'waves'));
  const nodes = [
    memberOf(phase, 'soak'),
    memberOf(reboot, 'timeout'),
    memberOf(reboot, 'settle'),
    ...waves.map((wave) => memberOf(wave, 'soak')),
  ];
  return nodes.flatMap(checkDuration);
}

function isTemplate(text: string): boolean {
  return /\{\{|\{%|\{#/.test(text);
}

/** The only template is that of `phases[].window`; anything else would be taken literally, which nobody means. */
function checkTemplates(node: YamlNode, path: readonly (string | number)[]): readonly Problem[] {
  switch (node.kind) {
    case 'list':
      return node.items.flatMap((item, index) => checkTemplates(item, [...path, index]));
    case 'map':
      return node.entries.flatMap(({ key, value }) => checkTemplates(value, [...path, key]));
    case 'scalar': {
      const text = textOf(node);
      if (text === undefined || !isTemplate(text)) return [];
      const isWindow = path.length === 3 && path[0] === 'phases' && path[2] === 'window';
      return isWindow && windowTemplate.test(text) ? [] : [problem(node.at, 'playbook.template', { text })];
    }
    default:
      return node satisfies never;
  }
}
