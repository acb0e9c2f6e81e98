import { authFailures } from './failures/auth.ts';
import { fileFailures } from './failures/file.ts';
import { httpFailures } from './failures/http.ts';
import { journalFailures } from './failures/journal.ts';
import { netFailures } from './failures/net.ts';
import { psrpFailures } from './failures/psrp.ts';
import { sessionFailures } from './failures/session.ts';
import { wsmanFailures } from './failures/wsman.ts';

/** Every failure code, from one file an area; `docs/failures.md` is generated from here. */
export const failureCodes = {
  ...authFailures,
  ...fileFailures,
  ...httpFailures,
  ...journalFailures,
  ...netFailures,
  ...psrpFailures,
  ...sessionFailures,
  ...wsmanFailures,
};

export type FailureCode = keyof typeof failureCodes;
