import { exitCodeOfFailure } from '../../src/cli/exit-code.ts';
import { failureCodes } from '../../src/core/failure-codes.ts';
import type { FailureCode } from '../../src/core/failure-codes.ts';
import { failure } from '../../src/core/failure.ts';
import type { FailureSpec } from '../../src/core/failure-spec.ts';
import { says, whatToDo } from './failure-text.ts';
import { asMarkdown, generatedNotice, markdownTable } from './markdown.ts';

const introduction = `# Failures

Every failure has a code that never changes its meaning; messages may be reworded, so match on the code. Words in
braces stand for what was found. Where a name is close to a known one, the hint says which instead.

**Fault of**: \`user\`, what was asked for or written; \`local\`, this machine or program; \`remote\`, the host;
\`network\`, what lies between. **Again**: whether the same may work another time; \`after-reauth\` means with a new
logon. **Exit**: the exit code of a command that ends with it. A host that fails within a run ends as the run's
outcomes say, and does not end the command.`;

/** \`docs/failures.md\`: every failure code, what it says, and what to do. */
export function failuresPage(): string {
  const areas = Map.groupBy(Object.keys(failureCodes).sort() as FailureCode[], areaOf);
  const sections = [...areas].map(
    ([area, codes]) =>
      `## ${area}\n${markdownTable(['code', 'says', 'what to do', 'fault of', 'again', 'exit'], codes.map(row))}`,
  );
  return `${[generatedNotice('src/core/failures/'), introduction, ...sections].join('\n\n')}\n`;
}

function areaOf(code: FailureCode): string {
  return code.slice(0, code.indexOf('.'));
}

function row(code: FailureCode): readonly string[] {
  const spec: FailureSpec = failureCodes[code];
  return [
    `\`${code}\``,
    asMarkdown(says(code)),
    asMarkdown(whatToDo(code) ?? '–'),
    spec.blame,
    spec.retry,
    String(exitCodeOfFailure(failure(code))),
  ];
}
