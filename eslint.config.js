import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Where the clock, chance, the process and the network may be touched; elsewhere they come in through a port. */
const outside = ['src/node/**', 'src/cli/**'];

const everywhere = [
  ['TSEnumDeclaration', 'Use a union of string literals; Node cannot strip an enum.'],
  ['TSModuleDeclaration', 'Use a module; Node cannot strip a namespace.'],
  ['Decorator', 'Call a function; Node cannot strip a decorator.'],
  ['ExportDefaultDeclaration', 'Export by name, so that it has one name everywhere.'],
];

const inSource = [
  ...everywhere,
  [
    ':matches(Program, Program > ExportNamedDeclaration) > VariableDeclaration[kind=/^(let|var)$/]',
    'No state at module level: keep it in a class or closure that its user makes.',
  ],
  [
    "CallExpression[callee.object.name='Promise'][callee.property.name=/^all(Settled)?$/]:not([arguments.0.type='ArrayExpression'])",
    'Unbounded over a list: use `limiter` from core/limiter.ts. A literal array is fine.',
  ],
];

const noBarrel = [
  [
    'ExportAllDeclaration',
    'No barrels but src/index.ts, src/winrm.ts and src/lab.ts: import from the defining module.',
  ],
];

const clockAndChance = [
  ["MemberExpression[object.name='Date'][property.name='now']", 'Take a Clock (src/ports/clock.ts).'],
  ["NewExpression[callee.name='Date'][arguments.length=0]", 'Take a Clock (src/ports/clock.ts).'],
  ["CallExpression[callee.name='Date']", 'Take a Clock (src/ports/clock.ts).'],
  [
    "MemberExpression[object.object.name='Temporal'][object.property.name='Now']",
    'Take a Clock (src/ports/clock.ts).',
  ],
  ["MemberExpression[object.name='Math'][property.name='random']", 'Take an Entropy (src/ports/entropy.ts).'],
  [
    "MemberExpression[object.name='AbortSignal'][property.name='timeout']",
    'Take Timers (src/ports/timers.ts).',
  ],
];

const globalsWithPorts = {
  performance: 'Take a Clock (src/ports/clock.ts).',
  setTimeout: 'Take Timers or a Clock (src/ports).',
  setInterval: 'Take Timers or a Clock (src/ports).',
  setImmediate: 'Take Timers or a Clock (src/ports).',
  crypto: 'Take an Entropy (src/ports/entropy.ts).',
  process: 'Only src/node and src/cli know the process; take what you need as an argument.',
  fetch: 'Take an HttpConnection (src/ports/http-connection.ts).',
  console: 'Return the text; only src/cli writes.',
  globalThis: 'Name the global, so that the other rules see it.',
};

/**
 * @param {string[][]} restrictions
 * @returns {['error', ...object[]]}
 */
const syntax = (...restrictions) => [
  'error',
  ...restrictions.map(([selector, message]) => ({ selector, message })),
];

export default defineConfig(
  globalIgnores(['dist', 'coverage', '**/node_modules', '.countersign']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.mjs', '**/*.js'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      eqeqeq: 'error',
      'no-restricted-syntax': syntax(...everywhere),
      // `interface` for what others implement, `type` for data: a choice that no rule can make.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/prefer-function-type': 'off',
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // Spreading a string gives its code points, which is what protocols count.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-unused-vars': [
        'error',
        {
          argsIgnorePattern: '^_',
          varsIgnorePattern: '^_',
          caughtErrorsIgnorePattern: '^_',
          ignoreRestSiblings: true,
        },
      ],
      // An implementation of an asynchronous port need not wait for anything.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: outside,
    rules: {
      'no-restricted-syntax': syntax(...inSource, ...noBarrel, ...clockAndChance),
      'no-restricted-globals': [
        'error',
        ...Object.entries(globalsWithPorts).map(([name, message]) => ({ name, message })),
      ],
    },
  },
  // The one place that bounds it.
  {
    files: ['src/core/limiter.ts'],
    rules: { 'no-restricted-syntax': syntax(...noBarrel, ...clockAndChance) },
  },
  { files: ['src/cli/**'], rules: { 'no-restricted-syntax': syntax(...inSource, ...noBarrel) } },
  { files: ['src/node/**'], rules: { 'no-restricted-syntax': syntax(...everywhere, ...noBarrel) } },
  {
    files: ['src/index.ts', 'src/winrm.ts', 'src/lab.ts'],
    rules: { 'no-restricted-syntax': syntax(...inSource) },
  },
  {
    files: ['test/**'],
    rules: {
      'no-restricted-syntax': syntax(...everywhere, [
        "CallExpression[callee.object.name='vi'][callee.property.name=/^(do)?mock$/]",
        'A test that needs this shows that a port is missing.',
      ]),
      // Tests look into untyped documents, lean on what they have just built, and stub with nothing.
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['*.{ts,js,mjs}', '.*.mjs'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // Plain JavaScript, run before or below the compiler: JSON.parse stays untyped there.
    files: ['**/*.{mjs,js}'],
    rules: {
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/restrict-plus-operands': 'off',
    },
  },
  {
    // Node 12 must be able to read it.
    files: ['bin/**'],
    rules: {
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
      '@typescript-eslint/prefer-optional-chain': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
      'no-var': 'off',
    },
  },
);
