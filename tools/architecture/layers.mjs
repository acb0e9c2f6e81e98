/**
 * Who may import what. A layer is a folder of `src/`; it may always import itself.
 * A name with a slash (`inventory/patterns`) opens only the modules whose path begins so.
 *
 * A new import that this table forbids is a question of design: move the code to the layer
 * that may, hand the thing in through a port, or change the table with a decision record.
 */

/**
 * @typedef {object} Layer
 * @property {readonly string[]} layers - Layers it may import.
 * @property {readonly string[] | undefined} [packages] - npm packages it may import.
 * @property {readonly string[] | undefined} [core] - Node core modules it may import, without `node:`; `*` is all.
 */

const pure = [
  'core',
  'model',
  'control',
  'inventory',
  'calendar',
  'survey',
  'plan',
  'run',
  'engine',
  'report',
  'export',
];

/** @type {Readonly<Record<string, Layer>>} */
export const layers = {
  core: { layers: [] },
  ports: { layers: ['core'] },
  wire: { layers: ['core'], packages: ['saxes'], core: ['crypto'] },
  model: { layers: ['core'], packages: ['zod', 'yaml'] },
  control: { layers: ['core', 'model'], packages: ['zod'] },
  controls: { layers: ['core', 'control'], packages: ['zod'] },
  inventory: { layers: ['core', 'model'], packages: ['yaml'] },
  calendar: { layers: ['core', 'model'] },
  survey: { layers: ['core', 'ports', 'model', 'control'] },
  plan: { layers: ['core', 'model', 'control', 'inventory/pattern', 'calendar'] },
  run: { layers: ['core', 'model', 'control', 'calendar', 'plan'] },
  engine: { layers: ['core', 'ports', 'model', 'control', 'survey', 'run'] },
  report: { layers: ['core', 'model', 'calendar', 'plan', 'run'] },
  export: { layers: ['core', 'model', 'control'] },
  remote: { layers: ['core', 'ports', 'wire'] },
  lab: { layers: ['core', 'ports', 'wire', 'model', 'control'] },
  node: { layers: ['core', 'ports'], packages: ['dotenv', 'koffi'], core: ['*'] },
  app: { layers: [...pure, 'ports', 'wire'] },
  compose: { layers: [...pure, 'ports', 'wire', 'controls', 'remote', 'lab', 'node', 'app'] },
  cli: {
    layers: ['core', 'model', 'calendar', 'run', 'report', 'app', 'compose'],
    packages: ['commander', 'listr2'],
    core: ['process', 'readline', 'stream', 'tty', 'url', 'util'],
  },
};

/**
 * Single files that may use a package or core module that the rest of their layer may not.
 *
 * @type {readonly { file: string, packages?: readonly string[], core?: readonly string[] }[]}
 */
export const exceptions = [
  { file: 'core/sha256.ts', core: ['crypto'] },
  { file: 'calendar/zoned.ts', packages: ['temporal-polyfill'] },
];

/** The library's surface: re-exports only, and imported by nobody inside. */
export const barrels = ['index.ts', 'winrm.ts', 'lab.ts'];

/** Hands out write permits; whoever imports it can change a host. */
export const permitIssuer = { file: 'core/issue-write-permit.ts', importers: 'engine/perform' };
