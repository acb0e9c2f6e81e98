const maxTries = 400;

/** A smaller input with which the same happens still: parts are left out, large ones first. */
export function shrink(input: Uint8Array, isSame: (smaller: Uint8Array) => boolean): Uint8Array {
  let smallest = input;
  let tries = 0;
  for (let size = Math.ceil(input.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.length && tries < maxTries; tries += 1) {
      const candidate = Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]);
      if (isSame(candidate)) smallest = candidate;
      else at += size;
    }
  }
  return new Uint8Array(smallest);
}
