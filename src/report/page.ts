import { html, raw, render } from './html.ts';
import type { HtmlValue } from './html.ts';
import { pageStyle } from './page-style.ts';

export interface Page {
  /** Of the window and the bookmark. */
  readonly title: string;
  readonly header: HtmlValue;
  readonly sections: readonly HtmlValue[];
  readonly footer: HtmlValue;
}

/** One file that needs nothing else: no script, no network, and a policy that forbids both should one slip in. */
export function page({ title, header, sections, footer }: Page): string {
  return render(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta
            http-equiv="Content-Security-Policy"
            content="default-src 'none'; style-src 'unsafe-inline'"
          />
          <title>${title}</title>
          <style>
            ${raw(pageStyle)}
          </style>
        </head>
        <body>
          <header>${header}</header>
          <main>${sections}</main>
          <footer>${footer}</footer>
        </body>
      </html> `,
  );
}

/** A part of the page under its own heading. */
export function section(title: string, content: HtmlValue): HtmlValue {
  return html`<section>
    <h2>${title}</h2>
    ${content}
  </section> `;
}

/** The line of facts under the title: `[name, value]` each. */
export function identity(rows: readonly (readonly [string, HtmlValue])[]): HtmlValue {
  return html`<dl class="identity">
    ${rows.map(
      ([name, value]) =>
        html`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}
