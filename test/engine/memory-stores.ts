import { failure } from '../../src/core/failure.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { err, ok } from '../../src/core/result.ts';
import { instant } from '../../src/core/time.ts';
import type { Instant } from '../../src/core/time.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type {
  Inbox,
  InboxMessage,
  JournalHead,
  JournalRecord,
  JournalStore,
  RunLock,
} from '../../src/ports/journal-store.ts';
import type { Timers } from '../../src/ports/timers.ts';

export class MemoryJournal implements JournalStore {
  records: JournalRecord[] = [];
  readonly allHeads: JournalHead[] = [];
  commits = 0;
  /** Commits after this many fail, like a disk that is full. */
  room = Infinity;

  append(records: readonly JournalRecord[], head: JournalHead) {
    if (this.commits >= this.room) return err(failure('journal.write', { path: 'memory', reason: 'full' }));
    this.commits += 1;
    this.records.push(...records);
    this.allHeads.push(head);
    return ok(undefined);
  }

  read(run: string, after: number) {
    return ok(this.records.filter((record) => record.run === run && record.seq > after));
  }

  runs() {
    return ok([...new Set(this.records.map(({ run }) => run))]);
  }

  heads(run: string) {
    return ok(this.allHeads.filter((head) => head.run === run));
  }

  close(): void {}
}

export class MemoryInbox implements Inbox {
  readonly #messages: InboxMessage[] = [];

  post(run: string, body: JsonObject) {
    this.#messages.push({ id: this.#messages.length + 1, run, body });
    return ok(this.#messages.length);
  }

  read(run: string, after: number) {
    return ok(this.#messages.filter((message) => message.run === run && message.id > after));
  }

  close(): void {}
}

export class MemoryLock implements RunLock {
  held = false;

  acquire() {
    if (this.held) return err(failure('lock.held', { path: 'memory', pid: 1, since: 'now' }));
    this.held = true;
    return ok(undefined);
  }

  release(): void {
    this.held = false;
  }
}

/** A clock that stands still, and jumps to whatever is waited for. */
export class JumpingClock implements Clock {
  #now: Instant;
  readonly jumps: Instant[] = [];

  constructor(now: string) {
    this.#now = instant(Date.parse(now));
  }

  now(): Instant {
    return this.#now;
  }

  async sleepUntil(at: Instant, signal: AbortSignal): Promise<void> {
    if (signal.aborted || at <= this.#now) return;
    this.jumps.push(at);
    this.#now = at;
  }
}

/** Real time in which every wait is one turn of the event loop, and an hour passes in each. */
export function hastyTimers(): Timers {
  let elapsed = 0;
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    monotonic: () => elapsed,
    after: () => () => {},
    sleep: async (delay) => {
      elapsed += delay;
      await turn();
    },
  };
}
