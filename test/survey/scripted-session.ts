import type { Failure } from '../../src/core/failure.ts';
import type { JsonValue } from '../../src/core/json.ts';
import { err, ok } from '../../src/core/result.ts';
import type { Result } from '../../src/core/result.ts';
import type { ReadScript } from '../../src/ports/scripts.ts';
import type { HostSession, ScriptError, ScriptOutput, SessionServer } from '../../src/ports/session.ts';

/** What a host answers to a script: its output, or why there is none. */
export type Answer =
  Failure | { readonly output: readonly JsonValue[]; readonly errors?: readonly ScriptError[] };

/** A session whose host answers by script name. */
export class ScriptedSession implements HostSession {
  readonly host = 'fs-01';
  readonly asked: string[] = [];
  readonly server: SessionServer;
  isClosed = false;
  readonly #answers: Readonly<Record<string, Answer>>;

  constructor(
    answers: Readonly<Record<string, Answer>>,
    server: SessionServer = { protocol: '2.3', powershell: '5.1.17763.5329' },
  ) {
    this.#answers = answers;
    this.server = server;
  }

  read(script: ReadScript): Promise<Result<ScriptOutput>> {
    this.asked.push(script.name);
    const answer = this.#answers[script.name];
    if (answer === undefined) throw new Error(`nobody wrote an answer for ${script.name}`);
    if (answer instanceof Error) return Promise.resolve(err(answer));
    return Promise.resolve(
      ok({ output: answer.output, errors: answer.errors ?? [], warnings: [], verbose: [] }),
    );
  }

  write(): never {
    throw new Error('a survey never writes');
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}
