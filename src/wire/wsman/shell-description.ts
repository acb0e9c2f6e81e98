import type { Duration } from '../../core/time.ts';
import { namespaces } from './namespaces.ts';
import {
  childDuration,
  childEnvironment,
  durationElement,
  environmentElement,
  present,
  textElement,
} from './shell-elements.ts';
import { childText } from './xml-element.ts';
import type { XmlElement } from './xml-element.ts';
import { element } from './xml-markup.ts';

export type ShellState = 'Connected' | 'Disconnected';
/** What becomes of output while nobody is connected: the command waits, or output is dropped. */
export type BufferMode = 'Block' | 'Drop';

/**
 * What a server tells about a shell: when it made it, when it is asked for it, and in lists. Old servers tell less.
 *
 * @see MS-WSMV §2.2.4.40 Shell
 */
export interface ShellDescription {
  readonly shellId: string;
  /** Its kind: `resourceUris.cmd`, or that of a PowerShell configuration. */
  readonly resourceUri: string;
  readonly owner?: string;
  readonly clientAddress?: string;
  /** Of the process that hosts it. */
  readonly processId?: number;
  readonly name?: string;
  readonly workingDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly lifetime?: Duration;
  readonly idleTimeout?: Duration;
  readonly maxIdleTimeout?: Duration;
  readonly inputStreams?: string;
  readonly outputStreams?: string;
  readonly bufferMode?: BufferMode;
  /** Undefined before Windows Server 2012, which knew no disconnected shells. */
  readonly state?: ShellState;
  readonly runTime?: Duration;
  readonly inactivity?: Duration;
}

export function shellElement(shell: ShellDescription): string {
  return element(
    'rsp:Shell',
    {},
    textElement('rsp:ShellId', shell.shellId),
    textElement('rsp:Name', shell.name),
    textElement('rsp:ResourceUri', shell.resourceUri),
    textElement('rsp:Owner', shell.owner),
    textElement('rsp:ClientIP', shell.clientAddress),
    textElement('rsp:ProcessId', shell.processId?.toString()),
    environmentElement(shell.environment),
    textElement('rsp:WorkingDirectory', shell.workingDirectory),
    durationElement('rsp:Lifetime', shell.lifetime),
    durationElement('rsp:IdleTimeOut', shell.idleTimeout),
    textElement('rsp:InputStreams', shell.inputStreams),
    textElement('rsp:OutputStreams', shell.outputStreams),
    durationElement('rsp:MaxIdleTimeOut', shell.maxIdleTimeout),
    textElement('rsp:BufferMode', shell.bufferMode),
    textElement('rsp:State', shell.state),
    durationElement('rsp:ShellRunTime', shell.runTime),
    durationElement('rsp:ShellInactivity', shell.inactivity),
  );
}

/** Reads an rsp:Shell; what was not sent, or is not understood, is left out. */
export function parseShellElement(shell: XmlElement): ShellDescription {
  const textOf = (name: string): string | undefined => childText(shell, namespaces.rsp, name);
  return {
    shellId: textOf('ShellId') ?? '',
    resourceUri: textOf('ResourceUri') ?? '',
    ...present({
      owner: textOf('Owner'),
      clientAddress: textOf('ClientIP'),
      processId: wholeNumber(textOf('ProcessId')),
      name: textOf('Name'),
      workingDirectory: textOf('WorkingDirectory'),
      environment: childEnvironment(shell),
      lifetime: childDuration(shell, 'Lifetime'),
      idleTimeout: childDuration(shell, 'IdleTimeOut'),
      maxIdleTimeout: childDuration(shell, 'MaxIdleTimeOut'),
      inputStreams: textOf('InputStreams'),
      outputStreams: textOf('OutputStreams'),
      bufferMode: oneOf(['Block', 'Drop'] as const, textOf('BufferMode')),
      state: oneOf(['Connected', 'Disconnected'] as const, textOf('State')),
      runTime: childDuration(shell, 'ShellRunTime'),
      inactivity: childDuration(shell, 'ShellInactivity'),
    }),
  };
}

function wholeNumber(source: string | undefined): number | undefined {
  return source !== undefined && /^\d{1,10}$/.test(source) ? Number(source) : undefined;
}

function oneOf<T extends string>(known: readonly T[], given: string | undefined): T | undefined {
  return known.find((it) => it === given);
}
