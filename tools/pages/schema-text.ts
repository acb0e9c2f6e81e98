import { z } from 'zod';

/** The parts of a JSON Schema that our models use. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly $ref?: string;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}

/** One field of an object, its type in words. */
export interface Field {
  readonly name: string;
  readonly type: string;
}

/** Schemas that have a name on a page, and are named rather than spelled out inside others. */
export type NamedSchemas = ReadonlyMap<string, z.ZodType>;

/**
 * A schema in words.
 *
 * @returns Its type as one text; and the fields of an object, where a name with `?` may be missing.
 */
export function describeSchema(
  schema: z.ZodType,
  named: NamedSchemas,
): { readonly text: string; readonly fields?: readonly Field[] } {
  const registry = z.registry<{ id: string }>();
  for (const [id, other] of named) if (other !== schema) registry.add(other, { id });
  const shape = z.toJSONSchema(schema, { metadata: registry }) as JsonSchema;
  const text = typeText(shape);
  return shape.properties ? { text, fields: objectFields(shape) } : { text };
}

function typeText(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return schema.$ref.replace('#/$defs/', '');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' | ');
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map(typeText).join(' | ');
  if (schema.items) return `list of ${typeText(schema.items)}`;
  if (schema.properties) return objectText(schema);
  if (typeof schema.additionalProperties === 'object')
    return `map to ${typeText(schema.additionalProperties)}`;
  return [schema.type ?? 'any'].flat().join(' | ');
}

function objectText(schema: JsonSchema): string {
  return `{ ${objectFields(schema)
    .map(({ name, type }) => `${name}: ${type}`)
    .join(', ')} }`;
}

function objectFields({ properties = {}, required = [] }: JsonSchema): readonly Field[] {
  return Object.entries(properties).map(([name, type]) => ({
    name: required.includes(name) ? name : `${name}?`,
    type: typeText(type),
  }));
}
