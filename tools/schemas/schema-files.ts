import { z } from 'zod';
import { controlCatalog } from '../../src/controls/catalog.ts';
import { InventoryDocument } from '../../src/model/inventory-document.ts';
import { Plan } from '../../src/model/plan.ts';
import { playbookSchema } from '../../src/model/playbook.ts';
import { controlsSchema } from '../../src/model/read-playbook.ts';
import { RedundancyFile } from '../../src/model/redundancy.ts';
import { Report } from '../../src/model/report.ts';
import { Status } from '../../src/model/status.ts';

/** What people write, and what we write for other programs. */
const documents = {
  playbook: playbookSchema(controlsSchema(controlCatalog)),
  redundancy: RedundancyFile,
  inventory: InventoryDocument,
  plan: Plan,
  report: Report,
  status: Status,
};

/** Every JSON Schema that ships: file name → text. */
export function schemaFiles(): ReadonlyMap<string, string> {
  return new Map(Object.entries(documents).map(([name, schema]) => [`${name}.schema.json`, render(name, schema)]));
}

function render(name: string, schema: z.ZodType): string {
  // As a reader takes it: what has a default may be left out, and unknown fields of our documents are ignored.
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' });
  return `${JSON.stringify({ $schema, title: `Countersign ${name}`, ...rest }, null, 2)}\n`;
}
