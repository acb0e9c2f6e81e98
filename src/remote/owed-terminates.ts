import { seconds } from '../core/time.ts';
import type { Timers } from '../ports/timers.ts';
import { signalCodes } from '../wire/wsman/signal.ts';
import type { HostLink } from './host-link.ts';
import { bounded } from './shell-calls.ts';
import type { ShellRef } from './wsman-exchange.ts';

/** A Terminate is owed for every command, even an ended one: each counts against its shell until it is terminated. */
const mostOwed = 8;
/** So long after a command nobody is likely to be kept waiting by it. */
const quiet = seconds(1);
const timeout = seconds(10);
/** Deleting the shell frees the command as well, so nobody waits long for a Terminate. */
const patience = seconds(2);

/**
 * Pays the Terminates of one shell late and together: never while a caller waits, and not at all where the shell is
 * deleted soon, which frees its commands as well.
 */
export class OwedTerminates {
  readonly #link: HostLink;
  readonly #timers: Timers;
  readonly #shell: () => ShellRef;
  readonly #owed: string[] = [];
  #cancelQuiet: () => void = () => undefined;
  #paying: Promise<void> = Promise.resolve();
  #isPaying = false;

  constructor(link: HostLink, timers: Timers, shell: () => ShellRef) {
    this.#link = link;
    this.#timers = timers;
    this.#shell = shell;
  }

  /** @param urgent - Of a command that may still run. */
  owe(commandId: string, urgent: boolean): void {
    this.#owed.push(commandId);
    this.#cancelQuiet();
    if (urgent || this.#owed.length >= mostOwed) this.#pay();
    else this.#cancelQuiet = this.#timers.after(quiet, () => this.#pay());
  }

  /** The shell is deleted: nothing is owed any more. Resolves when what is under way is done, or hangs. */
  async drop(): Promise<void> {
    this.#cancelQuiet();
    this.#owed.length = 0;
    await bounded(this.#timers, patience, () => this.#paying);
  }

  #pay(): void {
    if (this.#isPaying) return;
    this.#isPaying = true;
    this.#paying = this.#payAll();
  }

  async #payAll(): Promise<void> {
    const { control } = this.#link;
    for (let commandId = this.#owed.shift(); commandId !== undefined; commandId = this.#owed.shift()) {
      const request = { commandId, code: signalCodes.terminate };
      await bounded(this.#timers, timeout, (signal) => control.signal(this.#shell(), request, signal));
    }
    this.#isPaying = false;
  }
}
