import type { z } from 'zod';
import { eventTypes } from '../../src/model/event.ts';
import { BootIdentity } from '../../src/model/facts.ts';
import { FoundStep, IntentOutcome, IntentResult } from '../../src/model/intent-outcome.ts';
import { Intent, SetGuard } from '../../src/model/intent.ts';
import { ControlState, FailureRecord } from '../../src/model/observation.ts';
import { Plan } from '../../src/model/plan.ts';
import { Outcome } from '../../src/model/report.ts';
import { asMarkdown, generatedNotice, markdownTable } from './markdown.ts';
import { describeSchema } from './schema-text.ts';
import type { NamedSchemas } from './schema-text.ts';

/** Documents that have a section of their own, in its order. */
const parts: readonly (readonly [string, z.ZodType])[] = [
  ['IntentResult', IntentResult],
  ['FoundStep', FoundStep],
  ['SetGuard', SetGuard],
  ['BootIdentity', BootIdentity],
  ['ControlState', ControlState],
  ['FailureRecord', FailureRecord],
  ['Outcome', Outcome],
];

const named: NamedSchemas = new Map<string, z.ZodType>([
  ['plan@1', Plan],
  ['Intent', Intent],
  ['IntentOutcome', IntentOutcome],
  ...parts,
]);

const introduction = `# Events

What a run records, in the order in which it happened: one JSON document an event, as \`--events ndjson\` prints
them and as the journal keeps them. Every event is

\`{ schema: "countersign/event@1", seq, at, run, type, host?, phase?, data, prev, hash }\`

\`seq\` counts from 1 without gaps; \`at\` is an instant in UTC; \`host\` and \`phase\` are there where the event is about
one. \`hash\` is the SHA-256 of \`prev\` and the canonical JSON of the event without these two; \`prev\` is the hash of the
event before (64 zeros for the first). A reader ignores fields that it does not know. A \`?\` marks a field that may be
missing.`;

/** `docs/events.md`: every type of event with its data, and the documents inside. */
export function eventsPage(): string {
  const events = Object.entries(eventTypes).map(
    ([type, schema]) => `## ${type}\n${schema.description ?? ''}\n\n${bodyOf(schema.shape.data, 'data')}`,
  );
  return `${[
    generatedNotice('src/model/event.ts'),
    introduction,
    ...events,
    '# Documents inside events\n`plan@1` is described by `schemas/plan.schema.json`.',
    ...variants('Intent', Intent.options),
    ...variants('IntentOutcome', IntentOutcome.options),
    ...parts.map(([name, schema]) => `## ${name}\n${bodyOf(schema, 'field')}`),
  ].join('\n\n')}\n`;
}

/** One section for each kind of a union. */
function variants(
  name: string,
  options: readonly z.ZodObject<{ kind: z.ZodLiteral<string> }>[],
): readonly string[] {
  return options.map((option) => `## ${name}: ${option.shape.kind.value}\n${bodyOf(option, 'field')}`);
}

function bodyOf(schema: z.ZodType, heading: string): string {
  const { fields, text } = describeSchema(schema, named);
  if (!fields) return asMarkdown(text);
  if (fields.length === 0) return 'No data.';
  const rows = fields.map(({ name, type }) => [`\`${name}\``, asMarkdown(type)]);
  return markdownTable([heading, 'type'], rows);
}
