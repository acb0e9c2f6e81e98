import { barrels, exceptions, layers, permitIssuer } from './tools/architecture/layers.mjs';

/** @typedef {import('dependency-cruiser').IForbiddenRuleType} Rule */

/** @param {readonly string[]} names */
const anyOf = (names) => `(?:${names.join('|')})`;
/** @param {string} path */
const literally = (path) => path.replaceAll('.', String.raw`\.`);
/** @param {string} path */
const inSource = (path) => `^src/${literally(path)}`;
/** @param {string} name */
const packagePath = (name) => `node_modules/${name}/`;
/** @param {string} name */
const corePath = (name) => (name === '*' ? '.*' : `^(?:node:)?${name}(?:/|$)`);

const layerNames = Object.keys(layers);
/** @type {import('dependency-cruiser').DependencyType[]} */
const npm = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-bundled', 'npm-no-pkg', 'npm-unknown'];

/**
 * The rules of one row of the table, or of one file with a row of its own.
 *
 * @param {string} name
 * @param {{ path: string, pathNot?: string[] }} from
 * @param {string} layer
 * @param {import('./tools/architecture/layers.mjs').Layer} row
 * @returns {Rule[]}
 */
function rulesFor(name, from, layer, row) {
  const open = [layer, ...row.layers].map((other) =>
    other.includes('/') ? inSource(other) : inSource(`${other}/`),
  );
  return [
    {
      name: `${name}-layers`,
      comment: `${name} may import ${[...row.layers, 'itself'].join(', ')}. Move the code to a layer that may, or hand it in through a port (tools/architecture/layers.mjs).`,
      severity: 'error',
      from,
      to: { path: '^src/', pathNot: open },
    },
    {
      name: `${name}-packages`,
      comment: `${name} may use ${row.packages?.join(', ') ?? 'no npm package'}. Wrap the package in the layer that owns it; a new one needs a decision record.`,
      severity: 'error',
      from,
      to: { dependencyTypes: npm, pathNot: row.packages?.map(packagePath) ?? [] },
    },
    {
      name: `${name}-node-core`,
      comment: `${name} may use ${row.core?.join(', ') ?? 'no Node core module'}. Ask the outside through an interface in src/ports and implement it in src/node.`,
      severity: 'error',
      from,
      to: { dependencyTypes: ['core'], pathNot: row.core?.map(corePath) ?? [] },
    },
  ];
}

const exceptional = exceptions.map(({ file }) => `${inSource(file)}$`);

const fromTable = Object.entries(layers).flatMap(([name, row]) =>
  rulesFor(name, { path: inSource(`${name}/`), pathNot: exceptional }, name, row),
);

const fromExceptions = exceptions.flatMap(({ file, packages, core }) => {
  const layer = file.slice(0, file.indexOf('/'));
  const row = { layers: layers[layer]?.layers ?? [], packages, core };
  return rulesFor(file, { path: `${inSource(file)}$` }, layer, row);
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...fromTable,
    ...fromExceptions,
    {
      name: 'write-permit',
      comment: `Only src/${permitIssuer.importers}* and tests may issue a write permit: after the intent is in the journal. Take the permit as an argument.`,
      severity: 'error',
      from: { path: '^(?:src|tools)/', pathNot: inSource(permitIssuer.importers) },
      to: { path: `${inSource(permitIssuer.file)}$` },
    },
    {
      name: 'controls-apart',
      comment: 'A control knows no other control. Move what two of them share to src/control.',
      severity: 'error',
      from: { path: '^src/controls/([^/]+)/' },
      to: { path: '^src/controls/[^/]+/', pathNot: '^src/controls/$1/' },
    },
    {
      name: 'barrels-are-ends',
      comment: 'The three barrels are for users of the package. Import the module that defines the thing.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: `^src/${anyOf(barrels.map(literally))}$` },
    },
    {
      name: 'known-layer',
      comment:
        'Every source file lives in a layer of tools/architecture/layers.mjs; add a row there, with a decision record.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(?:${anyOf(layerNames)}/|${anyOf(barrels.map(literally))}$)` },
      to: {},
    },
    {
      name: 'source-stands-alone',
      comment: 'src/ is what is shipped; tests and tools look at it, never the other way round.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(?:test|tools|scripts|bin)/' },
    },
    {
      name: 'no-cycles',
      comment:
        'Two modules need each other, types included. Move what both need to a third, or let one take the other as an argument.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nobody imports this module and it imports nobody. Use it or delete it.',
      severity: 'error',
      from: { orphan: true, path: '^(?:src|tools)/', pathNot: [String.raw`\.d\.ts$`] },
      to: {},
    },
    {
      name: 'no-unresolvable',
      comment: 'This import leads nowhere: correct the path (with .ts), or install the package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-dev-packages',
      comment:
        'Users of the package do not get dev dependencies. Make it a dependency (with a decision record) or do without.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: packagePath('koffi') },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Type-only imports count: they bind two modules as much as any other.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
    cache: { folder: 'node_modules/.cache/dependency-cruiser', strategy: 'content' },
  },
};
