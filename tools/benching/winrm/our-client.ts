import { Child } from './child.ts';
import type { ClientJob, JobClient, JobReport } from './work.ts';

/** Our client, each job in a process of its own as the peer's are. */
export const ourClient: JobClient = {
  name: 'countersign',
  cleansUpLater: true,
  async run(job: ClientJob) {
    const child = new Child('our-client-process.ts', ['--expose-gc']);
    const report = await child.ask<JobReport>(job);
    child.stop();
    return report;
  },
};
