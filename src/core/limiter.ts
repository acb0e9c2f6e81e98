/**
 * Runs one task an item with at most `limit` at a time, and keeps the results in the items' order.
 *
 * A rejected task rejects the whole; tasks that can fail return a `Result`.
 */
export async function limiter<T, R>(
  items: readonly T[],
  limit: number,
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await task(item, index);
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(limit, items.length)) }, worker));
  return results;
}
