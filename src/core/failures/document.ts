import type { FailureSpec } from '../failure-spec.ts';
import { nearest } from './nearest.ts';
import { show } from './show.ts';

/** A mistake in a file that a person wrote; trying again changes nothing. */
const mistake = { blame: 'user', retry: 'never' } as const;

/** Documents that people write: what is wrong in them whatever they are about. */
export const documentFailures = {
  'document.rejected': {
    ...mistake,
    message: (d) => `${show(d['count'])} problem(s) in ${show(d['files'])}; the first: ${show(d['first'])}`,
    hint: () => 'Run `countersign validate` to see them all.',
  },
  'document.too-large': {
    ...mistake,
    message: (d) => `The document ${show(d['what'])}, more than the ${show(d['limit'])} allowed`,
    hint: () => 'Split it into several files, and use anchors sparingly.',
  },
  'document.unknown-key': {
    ...mistake,
    message: (d) => `Unknown key ${show(d['key'])}`,
    hint: nearest((d) => `Known keys here: ${show(d['known'])}.`),
  },
  'document.missing-key': {
    ...mistake,
    message: (d) => `Key ${show(d['key'])} is missing`,
  },
  'document.invalid': {
    ...mistake,
    message: (d) => `${show(d['at'], 'The document')} is not valid: ${show(d['reason'])}`,
  },
  'document.duration': {
    ...mistake,
    message: (d) => `${show(d['text'])} is not a duration`,
    hint: () => 'Write it as 30d, 24h, 1h30m, 45s or PT20M.',
  },
  'document.timezone': {
    ...mistake,
    message: (d) => `${show(d['text'])} is not a time zone of the IANA database`,
    hint: nearest(() => 'Use a name such as Europe/Berlin or UTC.'),
  },
  'yaml.syntax': {
    ...mistake,
    message: (d) => `The YAML cannot be read: ${show(d['reason'])}`,
    hint: () => 'Check the indentation and the quotes on this line and on the one before it.',
  },
  'yaml.duplicate-key': {
    ...mistake,
    message: (d) => `Key ${show(d['key'])} was already given on line ${show(d['line'])}`,
    hint: () => 'Keep one of them; readers of YAML silently take the last.',
  },
  'yaml.key': {
    ...mistake,
    message: (d) => `This key is ${show(d['what'])}; only texts can be keys here`,
    hint: () => 'Put the key in quotes.',
  },
  'yaml.alias': {
    ...mistake,
    message: (d) => `*${show(d['alias'])} refers to no anchor that stands before it`,
  },
  'yaml.tag': {
    ...mistake,
    message: (d) => `The tag ${show(d['tag'])} is not understood here`,
    hint: () => 'Write the value without a tag.',
  },
} as const satisfies Record<string, FailureSpec>;
