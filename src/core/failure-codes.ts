import { authFailures } from './failures/auth.ts';
import { documentFailures } from './failures/document.ts';
import { fileFailures } from './failures/file.ts';
import { httpFailures } from './failures/http.ts';
import { inventoryFailures } from './failures/inventory.ts';
import { journalFailures } from './failures/journal.ts';
import { netFailures } from './failures/net.ts';
import { playbookFailures } from './failures/playbook.ts';
import { psrpFailures } from './failures/psrp.ts';
import { sessionFailures } from './failures/session.ts';
import { wsmanFailures } from './failures/wsman.ts';

/** Every failure code, from one file an area; `docs/failures.md` is generated from here. */
export const failureCodes = {
  ...authFailures,
  ...documentFailures,
  ...fileFailures,
  ...httpFailures,
  ...inventoryFailures,
  ...journalFailures,
  ...netFailures,
  ...playbookFailures,
  ...psrpFailures,
  ...sessionFailures,
  ...wsmanFailures,
};

export type FailureCode = keyof typeof failureCodes;
