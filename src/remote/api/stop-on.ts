/** Stops something when the signal of its caller aborts, for as long as it runs. */
export function stopOn(signal: AbortSignal | undefined, stop: () => void, ended: Promise<unknown>): void {
  if (signal === undefined) return;
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop);
  void ended.then(() => signal.removeEventListener('abort', stop));
}
