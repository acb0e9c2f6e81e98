import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';

/** A process of the benchmark that answers one question after another. */
export class Child {
  readonly #process: ChildProcess;

  constructor(file: string, nodeArguments: readonly string[] = []) {
    this.#process = fork(file, [], {
      execArgv: [...nodeArguments],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      serialization: 'advanced',
    });
  }

  ask<Answer>(question: object): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const onExit = (code: number | null): void => {
        reject(new Error(`a process of the benchmark ended with ${String(code)}`));
      };
      this.#process.once('exit', onExit);
      this.#process.once('message', (answer) => {
        this.#process.removeListener('exit', onExit);
        resolve(answer as Answer);
      });
      this.#process.send(question);
    });
  }

  stop(): void {
    this.#process.removeAllListeners('exit');
    if (this.#process.connected) this.#process.disconnect();
  }
}
