import type { HostAnswer } from './host-answer.ts';
import type { Request } from './request.ts';

interface Waiting {
  readonly request: Request;
  /** `never` for a request that the recorded client did not send: it is held until its target ends. */
  readonly why: 'not yet' | 'never';
  readonly wake: (answer: HostAnswer | undefined) => void;
}

/** How long nothing may happen while a request waits for its turn; more means that it will never come. */
const patienceMs = 3000;

/** Requests whose turn has not come. */
export class WaitingRoom {
  readonly #all = new Set<Waiting>();
  readonly #stuck: (request: Request) => void;
  #alarm: NodeJS.Timeout | undefined;
  readonly #delays = new Set<NodeJS.Timeout>();
  readonly #watchers: (() => void)[] = [];

  /** @param stuck - Called where nothing happens any more although a request waits. */
  constructor(stuck: (request: Request) => void) {
    this.#stuck = stuck;
  }

  /** Waits until something has happened (undefined: look again) or somebody gives the answer. */
  wait(request: Request, why: Waiting['why'], signal: AbortSignal): Promise<HostAnswer | undefined> {
    return new Promise((resolve) => {
      const abort = (): void => waiting.wake({ kind: 'break' });
      const waiting: Waiting = {
        request,
        why,
        wake: (answer) => {
          this.#all.delete(waiting);
          signal.removeEventListener('abort', abort);
          this.#setAlarm();
          resolve(answer);
        },
      };
      this.#all.add(waiting);
      signal.addEventListener('abort', abort, { once: true });
      if (signal.aborted) abort();
      this.#setAlarm();
    });
  }

  /** Something has happened, so that all may look again whether it is their turn. */
  tellAll(): void {
    for (const { wake } of [...this.#all]) wake(undefined);
    for (const watcher of this.#watchers.splice(0)) watcher();
  }

  /** Resolves when something has happened the next time. */
  somethingHappens(): Promise<void> {
    return new Promise((resolve) => this.#watchers.push(resolve));
  }

  /** Answers those that are meant. */
  release(isMeant: (request: Request) => boolean, answer: (request: Request) => HostAnswer): void {
    for (const { request, wake } of [...this.#all]) if (isMeant(request)) wake(answer(request));
  }

  /** An answer that is held back. */
  later(delaySeconds: number, answer: HostAnswer): Promise<HostAnswer> {
    return new Promise((resolve) => {
      const delay = setTimeout(() => {
        this.#delays.delete(delay);
        resolve(answer);
      }, delaySeconds * 1000);
      this.#delays.add(delay);
    });
  }

  closeAll(): void {
    for (const delay of this.#delays) clearTimeout(delay);
    for (const { wake } of [...this.#all]) wake({ kind: 'break' });
    for (const watcher of this.#watchers.splice(0)) watcher();
    clearTimeout(this.#alarm);
  }

  #setAlarm(): void {
    clearTimeout(this.#alarm);
    const stuck = [...this.#all].find(({ why }) => why === 'not yet');
    if (stuck === undefined) return;
    // In two steps, so that a machine that stood still comes to what has arrived meanwhile.
    this.#alarm = setTimeout(() => {
      this.#alarm = setTimeout(() => this.#stuck(stuck.request), patienceMs / 4);
    }, patienceMs);
  }
}
