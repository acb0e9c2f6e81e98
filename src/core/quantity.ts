/** `1 host`, `3 hosts`: a number with its noun, which takes an s in the plural. */
export function quantity(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
