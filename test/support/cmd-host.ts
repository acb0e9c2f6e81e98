import { cmdBackends } from '../../src/lab/server/cmd-backend.ts';
import type { CmdBackendOptions } from '../../src/lab/server/cmd-backend.ts';
import { ProcessEngine } from '../../src/lab/server/process-engine.ts';
import type { ShellBackends } from '../../src/lab/server/shell-backend.ts';
import { systemPrograms } from '../../src/node/programs.ts';
import { findPowerShell } from './powershell.ts';

/** Cmd shells that run real programs: lines in `sh`, encoded scripts in the real PowerShell where there is one. */
export function programBackends(options: CmdBackendOptions = {}): ShellBackends {
  const powershell = findPowerShell();
  const engine = new ProcessEngine({
    programs: systemPrograms,
    ...(powershell === undefined ? {} : { powershell }),
  });
  return cmdBackends(engine, options);
}
