import { failure } from '../core/failure.ts';
import type { Failure } from '../core/failure.ts';
import { nearMatch } from '../core/near-match.ts';
import { err, ok } from '../core/result.ts';
import type { Result } from '../core/result.ts';
import { descendants } from './descendants.ts';
import { nameMatcher } from './pattern-match.ts';
import { splitPattern } from './pattern-split.ts';
import type { PatternTerm, Subscript } from './pattern-split.ts';

/** What a pattern selects from; an inventory is one. */
export interface PatternSubject {
  /** In inventory order. */
  readonly hosts: readonly { readonly name: string }[];
  readonly groups: ReadonlyMap<
    string,
    { readonly hosts: readonly string[]; readonly children: readonly string[] }
  >;
}

export interface PatternMatch {
  /** In Ansible's order: by term, within a group level by level. */
  readonly hosts: readonly string[];
  /** Globs and regular expressions that matched nothing, while others did. */
  readonly warnings: readonly Failure[];
}

/**
 * The hosts that an Ansible host pattern selects.
 *
 * Unlike Ansible, a name that matches nothing is a failure and not a warning: `all:!dcc`, meant for group `dc`, must
 * not select the domain controllers.
 *
 * @returns Failures `inventory.unmatched`, `inventory.pattern`.
 * @see https://docs.ansible.com/ansible/latest/inventory_guide/intro_patterns.html
 */
export function matchPattern(subject: PatternSubject, text: string): Result<readonly string[]> {
  const match = evaluatePattern(subject, text);
  return match.ok ? ok(match.value.hosts) : match;
}

/** As `matchPattern`, with what is doubtful about the match. */
export function evaluatePattern(subject: PatternSubject, text: string): Result<PatternMatch> {
  const terms = splitPattern(text);
  if (!terms.ok) return terms;
  const index = new SubjectIndex(subject);
  const warnings: Failure[] = [];
  let selected: readonly string[] = [];
  for (const term of terms.value) {
    const found = index.match(term, text);
    if (!found.ok) return found;
    // A group without hosts is there, and a pattern may name it.
    if (found.value.length === 0 && !index.hasGroup(term.name)) {
      const near = nearMatch(term.name, index.names);
      const unmatched = failure('inventory.unmatched', { term: term.text, pattern: text, near });
      if (term.role !== 'add' || term.kind === 'name') return err(unmatched);
      warnings.push(unmatched);
    }
    selected = combine(selected, found.value, term.role);
  }
  const [unmatchedGlob] = warnings;
  if (selected.length === 0 && unmatchedGlob !== undefined) return err(unmatchedGlob);
  return ok({ hosts: selected, warnings });
}

function combine(
  selected: readonly string[],
  found: readonly string[],
  role: PatternTerm['role'],
): readonly string[] {
  switch (role) {
    case 'add':
      return [...new Set([...selected, ...found])];
    case 'keep': {
      const kept = new Set(found);
      return selected.filter((host) => kept.has(host));
    }
    case 'remove': {
      const removed = new Set(found);
      return selected.filter((host) => !removed.has(host));
    }
    default:
      return role satisfies never;
  }
}

class SubjectIndex {
  readonly #subject: PatternSubject;
  readonly #hosts: ReadonlySet<string>;

  constructor(subject: PatternSubject) {
    this.#subject = subject;
    this.#hosts = new Set(subject.hosts.map(({ name }) => name));
  }

  /** All names there are, groups first. */
  get names(): readonly string[] {
    return [...this.#subject.groups.keys(), ...this.#hosts];
  }

  hasGroup(name: string): boolean {
    return this.#subject.groups.has(name);
  }

  match(term: PatternTerm, pattern: string): Result<readonly string[]> {
    // A host's own name wins over everything that its characters might mean; as in Ansible only without & or !.
    if (term.role === 'add' && this.#hosts.has(term.whole)) return ok([term.whole]);
    const matcher = nameMatcher(term);
    if (!matcher.ok) {
      return err(failure('inventory.pattern', { term: term.text, pattern, reason: matcher.error }));
    }
    const found = this.#enumerate(term, matcher.value);
    const part = subscripted(found, term.subscript);
    if (part !== undefined) return ok(part);
    const reason = `it selects from ${found.length} hosts, and there is none at that place`;
    return err(failure('inventory.pattern', { term: term.text, pattern, reason }));
  }

  #enumerate(term: PatternTerm, matches: (name: string) => boolean): readonly string[] {
    const groups = [...this.#subject.groups.keys()].filter(matches);
    const found = groups.flatMap((group) => this.#membersOf(group));
    const alsoHosts = groups.length === 0 || term.kind === 'regex' || /[.?*[]/.test(term.name);
    return alsoHosts ? [...found, ...[...this.#hosts].filter(matches)] : found;
  }

  #membersOf(group: string): readonly string[] {
    const { groups } = this.#subject;
    const below = descendants(group, (name) => groups.get(name)?.children ?? []);
    return [...new Set(below.flatMap((name) => groups.get(name)?.hosts ?? []))];
  }
}

/** Undefined where there is no host at the place; nothing selected stays nothing. */
function subscripted(
  hosts: readonly string[],
  subscript: Subscript | undefined,
): readonly string[] | undefined {
  if (subscript === undefined || hosts.length === 0) return hosts;
  if (subscript.kind === 'index') {
    const host = hosts.at(subscript.at);
    return host === undefined ? undefined : [host];
  }
  const part = hosts.slice(subscript.first, (subscript.last ?? hosts.length - 1) + 1);
  return part.length === 0 ? undefined : part;
}
