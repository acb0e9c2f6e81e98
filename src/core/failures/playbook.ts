import type { FailureSpec } from '../failure-spec.ts';
import { nearest } from './nearest.ts';
import { show } from './show.ts';

const mistake = { blame: 'user', retry: 'never' } as const;

/** What is wrong in a playbook although its shape is right. */
export const playbookFailures = {
  'playbook.unknown-window': {
    ...mistake,
    message: (d) => `Window ${show(d['window'])} is not among the playbook's windows`,
    hint: nearest((d) => `Windows of the playbook: ${show(d['known'], 'none')}.`),
  },
  'playbook.window-rule': {
    ...mistake,
    message: (d) => `The window cannot be used: ${show(d['reason'])}`,
    hint: () => 'Give either `days` or `patch_tuesday`, a duration above zero, and a cutoff below it.',
  },
  'playbook.unknown-phase': {
    ...mistake,
    message: (d) => `Phase ${show(d['phase'])} is needed, but no phase has that name`,
    hint: nearest((d) => `Phases before this one: ${show(d['known'], 'none')}.`),
  },
  'playbook.later-phase': {
    ...mistake,
    message: (d) => `Phase ${show(d['phase'])} is needed, but it does not stand before this one`,
    hint: () => 'Phases run in file order: move the needed phase up.',
  },
  'playbook.duplicate-phase': {
    ...mistake,
    message: (d) => `A phase named ${show(d['phase'])} stands already on line ${show(d['line'])}`,
    hint: () => 'Give each phase a name of its own.',
  },
  'playbook.unknown-control': {
    ...mistake,
    message: (d) => `There is no control ${show(d['control'])}`,
    hint: nearest((d) => `Controls: ${show(d['known'])}.`),
  },
  'playbook.unknown-gate': {
    ...mistake,
    message: (d) => `There is no gate ${show(d['gate'])}`,
    hint: nearest((d) => `Gates: ${show(d['known'])}.`),
  },
  'playbook.gate-not-yet': {
    ...mistake,
    message: (d) => `Gate ${show(d['gate'])} needs evidence that this version does not gather yet`,
    hint: () => 'Put a `manual` gate in its place; evidence gates come with a later version.',
  },
  'playbook.freeze-order': {
    ...mistake,
    message: (d) => `The freeze ends on ${show(d['to'])}, before it begins on ${show(d['from'])}`,
    hint: () => 'Both dates belong to the freeze; `to` must not be before `from`.',
  },
  'playbook.wave-share': {
    ...mistake,
    message: (d) => `Wave ${show(d['wave'])} cannot be: ${show(d['reason'])}`,
    hint: () => 'Shares are cumulative and must rise, as in [canary, 10%, 50%, rest].',
  },
  'playbook.wave-after-rest': {
    ...mistake,
    message: (d) => `Wave ${show(d['wave'])} stands after \`rest\`, which leaves no host for it`,
    hint: () => 'Make `rest` the last wave.',
  },
  'playbook.template': {
    ...mistake,
    message: (d) => `Template ${show(d['text'])} cannot be used here`,
    hint: () => 'The only template of a playbook is `window: "{{ countersign_window }}"`.',
  },
} as const satisfies Record<string, FailureSpec>;
