import type { ShellDescription } from '../../../src/wire/wsman/shell-description.ts';
import type { Duration } from '../../../src/core/time.ts';
import { formatXmlDuration, parseXmlDuration } from '../../../src/wire/wsman/xml-duration.ts';
import type { Difference } from '../difference.ts';
import { show, unequal, unknownExpectation } from './finding.ts';
import type { Mapping } from '../yaml-file.ts';

/** What the server said of a shell, by the names of the elements in MS-WSMV §2.2.4.40. */
function factsOf(shell: ShellDescription): Readonly<Record<string, string | undefined>> {
  const duration = (length: Duration | undefined): string | undefined =>
    length === undefined ? undefined : formatXmlDuration(length);
  return {
    ShellId: shell.shellId,
    Name: shell.name,
    ResourceUri: shell.resourceUri,
    Owner: shell.owner,
    ClientIP: shell.clientAddress,
    ProcessId: shell.processId?.toString(),
    WorkingDirectory: shell.workingDirectory,
    Lifetime: duration(shell.lifetime),
    IdleTimeOut: duration(shell.idleTimeout),
    MaxIdleTimeOut: duration(shell.maxIdleTimeout),
    InputStreams: shell.inputStreams,
    OutputStreams: shell.outputStreams,
    BufferMode: shell.bufferMode,
    State: shell.state,
  };
}

/** Holds what the server said of a new shell against what is expected; durations are equal when they are as long. */
export function unlikeShell(expected: Mapping, shell: ShellDescription | undefined): readonly Difference[] {
  const facts = shell === undefined ? {} : factsOf(shell);
  return Object.entries(expected).flatMap(([name, said]) => {
    const value = typeof said === 'string' ? said : JSON.stringify(said);
    if (shell !== undefined && !(name in facts)) return [unknownExpectation(name, Object.keys(facts))];
    const got = facts[name];
    const [a, b] = [parseXmlDuration(value), parseXmlDuration(got ?? '')];
    if (a !== undefined && a === b) return [];
    return unequal(name, show(value), show(got));
  });
}
