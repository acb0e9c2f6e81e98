import process from 'node:process';
import { runCli } from './run-cli.ts';
import { processSurroundings } from './surroundings.ts';

const argv = process.argv.slice(2);
process.exitCode = await runCli(argv, processSurroundings(argv));
