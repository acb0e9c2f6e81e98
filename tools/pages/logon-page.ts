import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FailureCode } from '../../src/core/failure-codes.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { says, whatToDo } from './failure-text.ts';
import { afterLogonCauses, authCauses, httpCauses, netCauses, tlsCauses } from './logon-causes.ts';
import { asMarkdown, generatedNotice } from './markdown.ts';

const introduction = `# Why does my logon fail?

Ask the host alone, \`countersign ping fs-01.corp.example\`, and look for the text of the answer below; words in braces
stand for what was found. \`--json\` gives the code, which never changes its meaning. How to prepare a host is at the [end](#preparing-a-host).`;

const sections: readonly (readonly [
  heading: string,
  causes: Readonly<Partial<Record<FailureCode, string>>>,
])[] = [
  ['The host is not reached', netCauses],
  ['Something answers that is not WinRM', httpCauses],
  ['TLS: who is it?', tlsCauses],
  ['The logon is refused', authCauses],
  ['The logon is good, and it is not enough', afterLogonCauses],
];

/** `docs/logon.md`: what keeps us from a host, from the texts that are printed; then how to prepare hosts. */
export function logonPage(): string {
  const errors = sections.map(([heading, causes]) => {
    const entries = Object.entries(causes).map(([code, cause]) => entry(code as FailureCode, cause));
    return [`## ${heading}`, ...entries].join('\n\n');
  });
  const preparing = readFileSync(join(import.meta.dirname, 'preparing-a-host.md'), 'utf8').trim();
  const source = 'src/core/failures/, tools/pages/logon-causes.ts and tools/pages/preparing-a-host.md';
  return `${[generatedNotice(source), introduction, ...errors, preparing].join('\n\n')}\n`;
}

/** Details that change what is said or what to do, where that matters to a reader. */
const variants: Readonly<Partial<Record<FailureCode, readonly JsonObject[]>>> = {
  'auth.denied': ['NTLM', 'Kerberos', 'Basic', 'certificate'].map((method) => ({
    ...{ method, reason: null },
    ...(method === 'NTLM' ? {} : { kerberos: null }),
  })),
  'auth.not-offered': [{ wanted: 'NTLM' }, { wanted: 'Basic' }, { offered: 'nothing' }],
  'http.status': [{ status: 503, waited: null }, { waited: null }],
  'net.name-not-found': [{}, { reason: 'EAI_AGAIN' }],
  'net.proxy-authentication': [{}, { presented: true }],
  'net.timeout': [
    { what: 'Connecting' },
    { what: 'Asking the proxy' },
    { what: 'The TLS handshake' },
    { what: 'Waiting for an answer' },
  ],
  'tls.client-certificate-refused': [{}, { presented: true }],
};

function entry(code: FailureCode, cause: string): string {
  const texts = (variants[code] ?? [{}]).map((known) => {
    const remedy = whatToDo(code, known);
    return `**${asMarkdown(says(code, known))}**${remedy === undefined ? '' : `\n→ ${asMarkdown(remedy)}`}`;
  });
  return [`### ${code}`, asMarkdown(cause), ...texts].join('\n\n');
}
