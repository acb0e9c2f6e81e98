import { reportRun } from '../../app/report-run.ts';
import { canonicalJson } from '../../core/json.ts';
import type { Report } from '../../model/report.ts';
import { plain } from '../../report/emphasis.ts';
import { reportHtml } from '../../report/report-html.ts';
import { reportText } from '../../report/report-text.ts';
import type { Call, CommandSpec } from '../command.ts';
import { exitCodes } from '../exit-code.ts';
import { fit } from '../fit.ts';
import { runtimeOf, valueOf } from '../outcome.ts';
import { text } from '../program.ts';

const formats = ['text', 'json', 'html'] as const;
type Format = (typeof formats)[number];

export const report: CommandSpec = {
  usage: 'report [run]',
  summary: 'the outcome of a run, with before and after evidence for each host',
  examples: [
    ['countersign report', 'the latest run, in the terminal'],
    ['countersign report 20261124-2200-3f9a --format html -o report.html', 'a page for the change record'],
  ],
  options: (command) => {
    command
      .option('--format <format>', `${formats.join(' | ')} (default: text)`)
      .option('-o, --output <file>', 'write to a file');
  },
  run(call) {
    const format = call.globals.json ? 'json' : (text(call.options['format']) ?? 'text');
    if (!isFormat(format)) {
      call.io.err(`--format is ${formats.join(', ')}; junit, csv and md come later\n`);
      return exitCodes.usage;
    }
    const runtime = runtimeOf(call);
    const output = text(call.options['output']);
    const document = valueOf(reportRun(runtime, call.args[0]));
    const rendered = render(document, format, call, output !== undefined);
    if (output === undefined) call.io.out(format === 'text' ? fit(rendered, call.io) : rendered);
    else {
      valueOf(runtime.files.write(runtime.files.resolve(runtime.cwd, output), rendered));
      call.io.err(`wrote ${output}\n`);
    }
    return exitCodes.done;
  },
};

function isFormat(format: string): format is Format {
  return (formats as readonly string[]).includes(format);
}

function render(document: Report, format: Format, { paint, globals }: Call, toFile: boolean): string {
  switch (format) {
    case 'json':
      return `${canonicalJson(document, 2)}\n`;
    case 'html':
      return reportHtml(document);
    case 'text':
      return reportText(document, { paint: toFile ? plain : paint, verbose: globals.verbose });
    default:
      return format satisfies never;
  }
}
