import { loadInventoryOf, selectHosts } from '../../app/load-inputs.ts';
import { pingHosts } from '../../app/ping-hosts.ts';
import { formatDuration, milliseconds } from '../../core/time.ts';
import type { HostPing, Ping } from '../../model/ping.ts';
import type { CommandSpec } from '../command.ts';
import { exitCodes, firstExitCode, isInputMistake } from '../exit-code.ts';
import type { ExitCode } from '../exit-code.ts';
import { fit } from '../fit.ts';
import type { Paint } from '../io.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { printJson, printProblems } from '../print.ts';
import { table } from '../table.ts';
import { progress } from '../views/progress.ts';

export const ping: CommandSpec = {
  usage: 'ping [pattern]',
  summary: 'reach, authentication, PowerShell version, clock skew, rights (reads only)',
  examples: [
    ['countersign ping', 'every host of the inventory'],
    ['countersign ping fs-01.corp.example', 'one host'],
  ],
  async run(call) {
    const runtime = runtimeOf(call);
    const { inventory } = valueOf(loadInventoryOf(runtime, call.selection));
    const hosts = valueOf(selectHosts(inventory, call.selection));
    if (!call.globals.json) printProblems(call.io, inventory.warnings);
    const shown = progress(call.io, 'Asking hosts', hosts.length);
    const onHost = ({ host }: HostPing) => {
      shown.step(host);
    };
    const result = await pingHosts(
      runtime,
      inventory,
      hosts,
      { forks: call.selection.forks, onHost },
      call.interrupt,
    );
    shown.done();
    if (call.globals.json) printJson(call.io, result);
    else call.io.out(fit(pingView(result, call.paint), call.io));
    return call.interrupt.aborted ? exitCodes.interrupted : pingExitCode(result);
  },
};

function pingExitCode({ hosts }: Ping): ExitCode {
  const codes = hosts.map((host): ExitCode => {
    if (isInputMistake(host)) return exitCodes.invalidInput;
    if (host.reach === 'unreachable') return exitCodes.unreachable;
    return host.reach === 'denied' || host.failure || host.administrator === false
      ? exitCodes.failed
      : exitCodes.done;
  });
  return firstExitCode(codes);
}

function pingView({ hosts }: Ping, paint: Paint): string {
  const rows = hosts.map((host) => [host.host, host.endpoint ?? '–', ...verdict(host, paint)]);
  return `${table([['host', 'endpoint', 'reach', 'detail'], ...rows], (line) => paint('bold', line))}\n`;
}

function verdict(host: HostPing, paint: Paint): readonly [reach: string, detail: string] {
  if (host.failure) {
    const hint = host.failure.hint === undefined ? '' : ` – ${host.failure.hint}`;
    return [paint(host.reach === 'ok' ? 'warn' : 'bad', host.reach), `${host.failure.message}${hint}`];
  }
  const parts = [
    `PowerShell ${host.powershell ?? 'unknown'}`,
    host.administrator === true ? 'administrator' : 'rights unknown',
    skew(host, paint),
    `${host.tookMs} ms`,
  ];
  return [paint('good', 'ok'), parts.filter((part) => part !== '').join(', ')];
}

function skew({ clockOffsetMs = 0 }: HostPing, paint: Paint): string {
  const size = Math.abs(clockOffsetMs);
  if (size < 2000) return '';
  const words = `clock ${formatDuration(milliseconds(size))} ${clockOffsetMs > 0 ? 'ahead' : 'behind'}`;
  return size > 60_000 ? paint('warn', words) : words;
}
