/**
 * A client that reads 100 MB slowly, in a process of its own so that its memory can be told: `slow-reader.ts PORT`.
 * Prints what it read as JSON.
 */
import { createHash } from 'node:crypto';
import { Secret, WinrmClient, milliseconds, systemTimers } from '../../../src/winrm.ts';

/** What the client tells of its reading. */
export interface SlowReading {
  readonly values: number;
  readonly characters: number;
  /** SHA-256 over all values, in the order in which they came. */
  readonly digest: string;
  /** The most that its resident memory grew while it read, in bytes. */
  readonly growth: number;
}

await using client = new WinrmClient({
  host: '127.0.0.1',
  port: Number(process.argv[2]),
  ...{ auth: 'ntlm', user: 'CORP\\ops', password: new Secret('Pä$$wörd') },
});
await using pool = await client.openPool();
// What a first pipeline loads, and the garbage that Node always keeps, is no growth.
for await (const _ of pool.start("foreach ($i in 1..200) { 'x' * 100000 }").output);
const never = new AbortController().signal;
const before = process.memoryUsage.rss();
const hash = createHash('sha256');
const reading = { values: 0, characters: 0, growth: 0 };
for await (const value of pool.start('foreach ($i in 1..1000) { "$($i % 10)" * 100000 }').output) {
  if (typeof value !== 'string') throw new TypeError('it is no text');
  hash.update(value);
  reading.values += 1;
  reading.characters += value.length;
  if (reading.values % 50 !== 0) continue;
  await systemTimers.sleep(milliseconds(100), never);
  reading.growth = Math.max(reading.growth, process.memoryUsage.rss() - before);
}
console.log(JSON.stringify({ ...reading, digest: hash.digest('hex') }));
