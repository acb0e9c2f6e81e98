import fc from 'fast-check';

const names = ['web', 'db', 'dc', 'site_berlin', 'canary', 'zz', 'aa'] as const;
const hosts = ['h1', 'h[01:03]', 'app-[a:c].corp.example', 'x-[1:7:3]', 'solo'] as const;
const files = ['all', ...names] as const;

const value = fc.oneof(
  fc.constantFrom(
    'yes',
    'no',
    'y',
    '~',
    '22:00',
    '010',
    '0x1f',
    '1e3',
    '1_000',
    '3.5',
    '"5985"',
    'plain text',
    '[1, a]',
    '{k: off}',
  ),
  fc.nat(99).map(String),
);
const vars = fc.dictionary(fc.constantFrom('v1', 'v2', 'v3', 'v4', 'v5'), value, { maxKeys: 4 });

const inline = (entries: Record<string, string>): string =>
  `{${Object.entries(entries)
    .map(([key, text]) => `${key}: ${text}`)
    .join(', ')}}`;

const lines = (entries: Record<string, string>): string =>
  Object.entries(entries)
    .map(([key, text]) => `${key}: ${text}\n`)
    .join('');

interface GeneratedGroup {
  readonly vars: Record<string, string>;
  readonly priority: number | null;
  readonly hosts: readonly (readonly [name: string, vars: Record<string, string>])[];
  readonly children: readonly number[];
}

const group: fc.Arbitrary<GeneratedGroup> = fc.record({
  vars,
  priority: fc.option(fc.integer({ min: 1, max: 3 }), { freq: 3 }),
  hosts: fc.uniqueArray(fc.tuple(fc.constantFrom(...hosts), vars), {
    maxLength: 3,
    selector: ([name]) => name,
  }),
  children: fc.uniqueArray(fc.nat(names.length - 1), { maxLength: 2 }),
});

function renderGroups(groups: readonly GeneratedGroup[]): string {
  return groups.map((it, index) => `${names[index]}:\n${renderGroup(it, index)}`).join('');
}

function renderGroup(it: GeneratedGroup, index: number): string {
  const own = it.priority === null ? it.vars : { ...it.vars, ansible_group_priority: String(it.priority) };
  // Only towards later groups, so that no cycle arises.
  const children = it.children.filter((child) => child > index).map((child) => `    ${names[child]}:\n`);
  const members = it.hosts.map(([name, ofHost]) => `    ${name}: ${inline(ofHost)}\n`);
  return `  vars: ${inline(own)}\n  children:\n${children.join('')}  hosts:\n${members.join('')}`;
}

/** A folder `inv` with an inventory and variables beside it. */
export const inventoryFiles: fc.Arbitrary<ReadonlyMap<string, string>> = fc
  .record({
    groups: fc.array(group, { minLength: names.length, maxLength: names.length }),
    all: vars,
    groupVars: fc.uniqueArray(
      fc.tuple(fc.constantFrom(...files), fc.constantFrom('', '.yml', '.json.yaml', '/main.yml'), vars),
      {
        maxLength: 4,
        selector: ([name]) => name,
      },
    ),
    hostVars: fc.uniqueArray(
      fc.tuple(fc.constantFrom('h1', 'solo', 'x-4'), fc.constantFrom('', '.yml', '.yaml'), vars),
      {
        maxLength: 2,
        selector: ([name]) => name,
      },
    ),
  })
  .map(({ groups, all, groupVars, hostVars }) => {
    const made = new Map([
      ['inv/10-all.yml', `all:\n  vars: ${inline(all)}\n  hosts:\n    alone:\n`],
      ['inv/20-groups.yaml', renderGroups(groups)],
    ]);
    for (const [name, ending, text] of groupVars)
      made.set(`inv/group_vars/${name}${ending}`, `---\n${lines(text)}`);
    for (const [name, ending, text] of hostVars)
      made.set(`inv/host_vars/${name}${ending}`, `---\n${lines(text)}`);
    return made;
  });
