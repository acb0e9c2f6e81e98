import { appFailures } from './failures/app.ts';
import { kerberosFailures } from './failures/auth-kerberos.ts';
import { authFailures } from './failures/auth.ts';
import { documentFailures } from './failures/document.ts';
import { fileFailures } from './failures/file.ts';
import { httpFailures } from './failures/http.ts';
import { inventoryFailures } from './failures/inventory.ts';
import { journalFailures } from './failures/journal.ts';
import { netFailures } from './failures/net.ts';
import { pipelineFailures } from './failures/pipeline.ts';
import { planFailures } from './failures/plan.ts';
import { playbookFailures } from './failures/playbook.ts';
import { processFailures } from './failures/process.ts';
import { psrpFailures } from './failures/psrp.ts';
import { runFailures } from './failures/run.ts';
import { sessionFailures } from './failures/session.ts';
import { tlsFailures } from './failures/tls.ts';
import { wsmanFailures } from './failures/wsman.ts';

/** Every failure code, from one file an area; `docs/failures.md` is generated from here. */
export const failureCodes = {
  ...appFailures,
  ...authFailures,
  ...documentFailures,
  ...fileFailures,
  ...httpFailures,
  ...inventoryFailures,
  ...journalFailures,
  ...kerberosFailures,
  ...netFailures,
  ...pipelineFailures,
  ...planFailures,
  ...playbookFailures,
  ...processFailures,
  ...psrpFailures,
  ...runFailures,
  ...sessionFailures,
  ...tlsFailures,
  ...wsmanFailures,
};

export type FailureCode = keyof typeof failureCodes;
