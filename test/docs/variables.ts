import { ok } from '../../src/core/result.ts';
import { loadInventory } from '../../src/inventory/load-inventory.ts';
import { targetOf } from '../../src/inventory/target.ts';
import { renderProblem } from '../../src/model/document.ts';

/** Variables of a page, given to one host: they must make a target, and not one of them may be without effect. */
export function checkVariables(text: string, place: string): void {
  const vars = text.replaceAll(/^/gm, '    ').trimEnd();
  const files = new Map([['hosts.yml', `all:\n  hosts:\n    fs-01.corp.example:\n  vars:\n${vars}\n`]]);
  const env = { COUNTERSIGN_PASSWORD: 'pw' };
  const loaded = loadInventory({ sources: ['hosts.yml'], files, env, extra: {} });
  const problems = loaded.ok ? loaded.value.warnings : loaded.error;
  const [host] = loaded.ok ? loaded.value.hosts : [];
  const target = host && targetOf(host, () => ok('PEM'));
  const wrong = [...problems.map(renderProblem), ...(target?.ok === false ? [target.error.message] : [])];
  if (wrong.length > 0) throw new Error(`${place}: ${wrong.join('\n')}`);
}
