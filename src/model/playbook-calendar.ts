import { nearMatch } from '../core/near-match.ts';
import { parseDuration } from '../core/time.ts';
import { problem } from './document.ts';
import type { Problem } from './document.ts';
import { entriesOf, itemsOf, memberOf, textOf } from './yaml-node.ts';
import type { YamlNode } from './yaml-node.ts';

/** Windows and freezes of a playbook. */
export function checkCalendar(root: YamlNode): readonly Problem[] {
  return [
    ...entriesOf(memberOf(root, 'windows')).flatMap(({ value }) => checkWindowRule(value)),
    ...itemsOf(memberOf(root, 'freezes')).flatMap(checkFreeze),
  ];
}

function checkWindowRule(window: YamlNode): readonly Problem[] {
  const duration = memberOf(window, 'duration');
  const cutoff = memberOf(window, 'cutoff');
  const found = [
    ...checkDuration(duration),
    ...(textOf(cutoff) === 'auto' ? [] : checkDuration(cutoff)),
    ...checkTimeZone(memberOf(window, 'timezone')),
  ];
  const patchTuesday = memberOf(window, 'patch_tuesday');
  if (patchTuesday !== undefined && memberOf(window, 'days') !== undefined) {
    const reason = 'it has both `days` and `patch_tuesday`';
    found.push(problem(patchTuesday.at, 'playbook.window-rule', { reason }));
  }
  const [length, reserve] = [lengthOf(duration), lengthOf(cutoff)];
  if (duration !== undefined && length === 0) {
    found.push(problem(duration.at, 'playbook.window-rule', { reason: 'its duration is zero' }));
  } else if (cutoff !== undefined && length !== undefined && reserve !== undefined && reserve >= length) {
    found.push(problem(cutoff.at, 'playbook.window-rule', { reason: 'its cutoff leaves no time' }));
  }
  return found;
}

function checkFreeze(freeze: YamlNode): readonly Problem[] {
  const [from, to] = [textOf(memberOf(freeze, 'from')), textOf(memberOf(freeze, 'to'))];
  const end = memberOf(freeze, 'to');
  // ISO dates order like texts.
  const isReversed =
    end !== undefined && from !== undefined && to !== undefined && isDate(from) && isDate(to) && to < from;
  const order = isReversed ? [problem(end.at, 'playbook.freeze-order', { from, to })] : [];
  return [...order, ...checkTimeZone(memberOf(freeze, 'timezone'))];
}

/** A duration text; what is no text is left to the schema. */
export function checkDuration(node: YamlNode | undefined): readonly Problem[] {
  const text = textOf(node);
  if (node === undefined || text === undefined || parseDuration(text) !== undefined) return [];
  return [problem(node.at, 'document.duration', { text })];
}

function checkTimeZone(node: YamlNode | undefined): readonly Problem[] {
  const text = textOf(node);
  if (node === undefined || text === undefined || isTimeZone(text)) return [];
  const near = nearMatch(text, Intl.supportedValuesOf('timeZone'));
  return [problem(node.at, 'document.timezone', { text, near })];
}

function isTimeZone(text: string): boolean {
  // Offsets such as +01:00 are refused: they know no daylight saving time.
  if (!/^[A-Za-z]/.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text);
}

function lengthOf(node: YamlNode | undefined): number | undefined {
  return parseDuration(textOf(node) ?? '');
}
