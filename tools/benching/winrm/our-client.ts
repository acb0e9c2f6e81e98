import { join } from 'node:path';
import { Child } from './child.ts';
import { compiled } from './compiled.ts';
import type { ClientJob, JobClient, JobReport } from './work.ts';

/** Our client, each job in a process of its own as the peer's are, and as JavaScript, as it is shipped. */
export function ourClient(): JobClient {
  const program = compiled(join(import.meta.dirname, 'our-client-process.ts'));
  return {
    name: 'countersign',
    cleansUpLater: true,
    async run(job: ClientJob) {
      const child = new Child(program, ['--expose-gc']);
      const report = await child.ask<JobReport>(job);
      child.stop();
      return report;
    },
  };
}
