/** A group and all below it, level by level, each once. */
export function descendants(
  root: string,
  childrenOf: (group: string) => Iterable<string>,
): readonly string[] {
  const seen = new Set([root]);
  // A Set hands out what is added while it is walked, which makes this a breadth-first walk.
  for (const group of seen) for (const child of childrenOf(group)) seen.add(child);
  return [...seen];
}
