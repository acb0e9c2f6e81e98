// Writes the skeleton of a control with its cases: npm run new:control -- <id>
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { weakens } from '../src/control/judgement.ts';

const property = 'NameOfTheProperty';
const catalog = 'src/controls/catalog.ts';

/** The files of a new control, by path from the root of the repository. */
export function controlSkeleton(id: string): ReadonlyMap<string, string> {
  return new Map([
    [`src/controls/${id}/control.ts`, declaration(id)],
    [`src/controls/${id}/get.ps1`, getScript],
    [`src/controls/${id}/set.ps1`, setScript],
    [
      `test/controls/cases/${id}/off.json`,
      controlCase('a host without it gets it', false, true, {
        change: { enabled: true },
        after: { enabled: true },
      }),
    ],
    [`test/controls/cases/${id}/on.json`, controlCase('a host that has it is left alone', true, true, {})],
    [
      `test/controls/cases/${id}/wanted-off.json`,
      controlCase('a playbook cannot take it away', true, false, {
        blocker: weakens({}, sentence(true)).blocker ?? '',
      }),
    ],
  ]);
}

/** The catalog with one more control; undefined where it has it already. */
export function withControl(text: string, id: string): string | undefined {
  const line = `import { ${identifier(id)} } from './${id}/control.ts';`;
  if (text.includes(line)) return undefined;
  const lines = text.split('\n');
  const lastImport = lines.findLastIndex((it) => it.startsWith('import '));
  return lines
    .toSpliced(lastImport + 1, 0, line)
    .join('\n')
    .replace('readonly Control[] = [', `readonly Control[] = [${identifier(id)}, `);
}

/** Writes the files below `root`; nothing is overwritten. Gives the paths, or why it did nothing. */
export function writeControl(root: string, id: string | undefined): readonly string[] | string {
  if (id === undefined || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id))
    return 'usage: npm run new:control -- <id>, in lower case with hyphens, such as smb-server-encryption';
  const skeleton = controlSkeleton(id);
  const known = [...skeleton.keys()].find((path) => existsSync(join(root, path)));
  if (known !== undefined) return `${known} exists already; nothing was written`;
  const changed = withControl(readFileSync(join(root, catalog), 'utf8'), id);
  if (changed === undefined) return `${catalog} lists ${id} already; nothing was written`;
  for (const [path, text] of skeleton) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  writeFileSync(join(root, catalog), changed);
  return [...skeleton.keys(), catalog];
}

/** Stands for what the control will say of a host, in its declaration and its cases alike. */
function sentence(enabled: boolean): string {
  return `TODO: the sentence for ${enabled ? 'on' : 'off'}`;
}

/** `smb-server-encryption` → `smbServerEncryption`. */
function identifier(id: string): string {
  return id.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function declaration(id: string): string {
  return `import { z } from 'zod';
import type { Control } from '../../control/declaration.ts';
import { assessToggle } from '../../control/toggle.ts';

/** @see TODO: the address of Microsoft's documentation of the setting */
export const ${identifier(id)}: Control = {
  id: '${id}',
  title: 'TODO: what it is, in a few words',
  summary: 'TODO: what it does, and what it can break.',
  params: z.strictObject({ enabled: z.boolean() }),
  fields: [{ name: 'enabled', source: { kind: 'smb-server-configuration', property: '${property}' } }],
  assess: (state, wanted, facts) =>
    assessToggle(
      {
        field: 'enabled',
        hardened: true,
        says: { on: '${sentence(true)}', off: '${sentence(false)}' },
      },
      state,
      wanted['enabled'] === true,
      facts,
    ),
};
`;
}

const getScript = `# include: control/read-state
# Emits one object with exactly the declared fields.
[pscustomobject]@{ enabled = Read-SmbServer '${property}' }
`;

const setScript = `# include: control/read-state
# Arguments: enabled.
$changed = @()
if ((Read-SmbServer '${property}') -ne $Arguments['enabled']) {
    Set-SmbServerConfiguration -${property} $Arguments['enabled'] -Force | Out-Null
    $changed += 'enabled'
}
[pscustomobject]@{ changed = $changed; restartNeeded = $false }
`;

interface CaseParts {
  readonly change?: Readonly<Record<string, boolean>>;
  readonly after?: Readonly<Record<string, boolean>>;
  readonly blocker?: string;
}

function controlCase(title: string, enabled: boolean, wanted: boolean, parts: CaseParts): string {
  const { change = {}, after, blocker } = parts;
  const document = {
    title,
    windows: {
      build: 20348,
      productType: 3,
      registry: { [String.raw`HKLM:\SYSTEM\CurrentControlSet\Services\LanmanServer\Parameters`]: {} },
      smbServer: { [property]: enabled },
      smbClient: {},
      features: {},
    },
    state: { enabled },
    wanted: { enabled: wanted },
    assessment: {
      compliance: enabled === wanted ? 'compliant' : 'drifted',
      change,
      reboot: false,
      reason: sentence(enabled),
      ...(blocker !== undefined && { blocker }),
    },
    ...(after !== undefined && { after }),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

if (import.meta.main) {
  const written = writeControl(join(import.meta.dirname, '..'), process.argv[2]);
  if (typeof written === 'string') {
    console.error(written);
    process.exitCode = 64;
  } else {
    console.log(
      `${written.join('\n')}\n\nNow fill in each TODO; a new cmdlet parameter needs its stand-in in test/windows/.`,
    );
  }
}
