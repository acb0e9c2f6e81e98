// Builds dist/ from src/: compiled modules with their declarations, and the PowerShell scripts beside them.
import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
rmSync('dist', { recursive: true, force: true });

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const compiled = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

for (const script of globSync('**/*.ps1', { cwd: 'src' }).sort()) {
  mkdirSync(dirname(join('dist', script)), { recursive: true });
  copyFileSync(join('src', script), join('dist', script));
}
