/** A recording or its description cannot be read; the message begins with `file:line`. Exit code 65. */
export class SourceProblem extends Error {
  constructor(file: string, line: number, reason: string) {
    super(`${file}:${line}: ${reason}`);
    this.name = 'SourceProblem';
  }
}
