import { defineConfig } from 'vitest/config';

/** Test folders by the kind of test they hold; each becomes a project (`vitest run --project lab`). */
const projects = {
  unit: [
    'core',
    'ports',
    'wire',
    'model',
    'control',
    'controls',
    'inventory',
    'calendar',
    'plan',
    'run',
    'report',
    'survey',
    'tools',
  ],
  lab: ['lab', 'remote', 'engine', 'node', 'app', 'compose'],
  oracle: ['oracles', 'windows'],
  cli: ['cli'],
  architecture: ['architecture'],
};

const timeoutMs: Partial<Record<keyof typeof projects, number>> = {
  lab: 20_000,
  oracle: 60_000,
  cli: 120_000,
  architecture: 60_000,
};

const oraclesRequired = process.env['COUNTERSIGN_ORACLES'] === 'required';
const everyBranch = { branches: 100 };

export default defineConfig({
  test: {
    passWithNoTests: true,
    maxWorkers: 2,
    projects: Object.entries(projects).map(([name, folders]) => ({
      test: {
        name,
        include: folders.map((folder) => `test/${folder}/**/*.test.ts`),
        testTimeout: timeoutMs[name as keyof typeof projects] ?? 5_000,
        hookTimeout: timeoutMs[name as keyof typeof projects] ?? 10_000,
      },
    })),
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      exclude: ['src/index.ts', 'src/winrm.ts', 'src/lab.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
      reportsDirectory: 'coverage',
      // A machine without the oracles skips tests, so only the ones that require them can hold a threshold.
      ...(oraclesRequired && {
        thresholds: {
          branches: 90,
          'src/{core,wire,calendar,plan,run}/**': everyBranch,
        },
      }),
    },
  },
});
