import { steerRun } from '../../app/steer-run.ts';
import type { Steering } from '../../app/steer-run.ts';
import type { Call, CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { printJson } from '../print.ts';
import { text } from '../program.ts';

type RunCommand = 'pause' | 'promote' | 'abort';
type HostCommand = 'hold' | 'release';

const summaries: Record<RunCommand | HostCommand, string> = {
  pause: 'nothing new starts; what is in flight is finished',
  promote: 'pass the open gate or soak once',
  abort: 'give a run up; what is in flight is finished',
  hold: 'take a host out of a run for now',
  release: 'give a held, failed or quarantined host back to its run',
};

/** Commands that steer a run from another terminal, through its inbox. */
export const steeringCommands: readonly CommandSpec[] = [
  ofRun('pause'),
  ofRun('promote'),
  ofRun('abort'),
  ofHost('hold'),
  ofHost('release'),
];

function ofRun(command: RunCommand): CommandSpec {
  return {
    usage: `${command} [run]`,
    summary: summaries[command],
    examples: [[`countersign ${command} --reason "change CHG-1042"`, 'the latest run']],
    options: (it) => void it.requiredOption('--reason <text>', 'why; goes on record'),
    run: (call) => steer(call, call.args[0], { command, reason: reasonOf(call) }),
  };
}

function ofHost(command: HostCommand): CommandSpec {
  return {
    usage: `${command} <host> [run]`,
    summary: summaries[command],
    examples: [[`countersign ${command} fs-02.corp.example --reason "backup runs"`, 'in the latest run']],
    options: (it) => void it.requiredOption('--reason <text>', 'why; goes on record'),
    run: (call) => steer(call, call.args[1], { command, host: call.args[0] ?? '', reason: reasonOf(call) }),
  };
}

function reasonOf({ options }: Call): string {
  return text(options['reason']) ?? '';
}

function steer(call: Call, run: string | undefined, steering: Steering): ExitCode {
  const steered = valueOf(steerRun(runtimeOf(call), run, steering));
  if (call.globals.json) printJson(call.io, { schema: 'countersign/steered@1', ...steering, ...steered });
  else {
    const effect = steered.controlled
      ? 'its controller takes it up at once'
      : `no controller is at work: it takes effect with countersign resume ${steered.run}`;
    call.io.out(`${steering.command} left for run ${steered.run}; ${effect}\n`);
  }
  return exitCodes.done;
}
