import { eventsPage } from './events-page.ts';
import { failuresPage } from './failures-page.ts';
import { logonPage } from './logon-page.ts';

/** The pages of `docs/` that are written from the registries: file name → text. */
export function generatedPages(): ReadonlyMap<string, string> {
  return new Map([
    ['events.md', eventsPage()],
    ['failures.md', failuresPage()],
    ['logon.md', logonPage()],
  ]);
}
