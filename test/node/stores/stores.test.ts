import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { unwrap } from '../../../src/core/result.ts';
import { systemFiles } from '../../../src/node/files.ts';
import { runLock } from '../../../src/node/run-lock.ts';
import { openInbox } from '../../../src/node/sqlite-inbox.ts';
import { openJournal } from '../../../src/node/sqlite-journal.ts';
import { openObservations } from '../../../src/node/sqlite-observations.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'countersign-stores-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const record = (run: string, seq: number) => ({ run, seq, body: { seq, text: `record ${seq} ✓` } });
const head = (run: string, seq: number) => ({ run, seq, hash: String(seq).padStart(64, '0') });

describe('the journal', () => {
  test('gives back what was appended, by run and after a number, in a process of its own', () => {
    const journal = unwrap(openJournal(directory));
    unwrap(journal.append([record('b', 1), record('b', 2)], head('b', 2)));
    unwrap(journal.append([record('a', 1)], head('a', 1)));
    journal.close();

    const again = unwrap(openJournal(directory));

    expect(unwrap(again.runs())).toEqual(['b', 'a']);
    expect(unwrap(again.read('b', 1))).toEqual([record('b', 2)]);
    expect(unwrap(again.heads('b'))).toEqual([head('b', 2)]);
    expect(unwrap(again.read('c', 0))).toEqual([]);
    again.close();
  });

  test('keeps nothing of a commit whose second record is refused', () => {
    const journal = unwrap(openJournal(directory));
    unwrap(journal.append([record('a', 1)], head('a', 1)));

    const refused = journal.append([record('a', 2), record('a', 1)], head('a', 2));

    expect(refused).toMatchObject({ ok: false, error: { code: 'journal.write' } });
    expect(unwrap(journal.read('a', 0))).toEqual([record('a', 1)]);
    expect(unwrap(journal.heads('a'))).toEqual([head('a', 1)]);
    unwrap(journal.append([record('a', 2)], head('a', 2)));
    journal.close();
  });

  test('goes on after a head whose line was torn by a crash', () => {
    const journal = unwrap(openJournal(directory));
    unwrap(journal.append([record('a', 1)], head('a', 1)));
    journal.close();
    appendFileSync(join(directory, 'heads.ndjson'), '{"run":"a","seq":2,"ha');

    const again = unwrap(openJournal(directory));
    unwrap(again.append([record('a', 2)], head('a', 2)));

    expect(unwrap(again.heads('a'))).toEqual([head('a', 1), head('a', 2)]);
    again.close();
  });

  test('waits for the disk at every commit', () => {
    const journal = unwrap(openJournal(directory));
    journal.close();

    const database = new DatabaseSync(join(directory, 'journal.db'));

    expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    database.close();
  });

  test('says which file could not be opened', () => {
    const inFile = join(directory, 'file');
    unwrap(systemFiles.write(inFile, ''));

    expect(openJournal(inFile)).toMatchObject({ ok: false, error: { code: 'journal.write' } });
  });
});

describe('the inbox', () => {
  test('numbers messages over all runs, and gives those of one run after a number', () => {
    const terminal = unwrap(openInbox(directory));
    const controller = unwrap(openInbox(directory));
    unwrap(terminal.post('a', { command: 'pause' }));
    unwrap(terminal.post('b', { command: 'abort' }));
    const third = unwrap(terminal.post('a', { command: 'continue' }));

    expect(unwrap(controller.read('a', 1))).toEqual([{ id: third, run: 'a', body: { command: 'continue' } }]);
    terminal.close();
    controller.close();
  });
});

describe('the observations', () => {
  test('keep the last one of each host', () => {
    const store = unwrap(openObservations(directory));
    unwrap(store.save('b', { at: 1 }));
    unwrap(store.save('a', { at: 2 }));
    unwrap(store.save('b', { at: 3 }));

    expect([...unwrap(store.all())]).toEqual([
      ['a', { at: 2 }],
      ['b', { at: 3 }],
    ]);
    store.close();
  });
});

describe('the lock', () => {
  test('refuses a second controller and names the first', () => {
    const first = runLock(directory);
    unwrap(first.acquire());

    const second = runLock(directory).acquire();

    expect(second).toMatchObject({ ok: false, error: { code: 'lock.held', details: { pid: process.pid } } });
    first.release();
    const third = runLock(directory);
    unwrap(third.acquire());
    third.release();
  });

  test('is free again when its holder was killed', async () => {
    const script = `
      import { runLock } from ${JSON.stringify(new URL('../../../src/node/run-lock.ts', import.meta.url).href)};
      console.log(runLock(${JSON.stringify(directory)}).acquire().ok);
      setInterval(() => {}, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'pipe' });
    expect(String((await once(holder.stdout, 'data'))[0])).toBe('true\n');
    expect(runLock(directory).acquire()).toMatchObject({
      ok: false,
      error: { details: { pid: holder.pid } },
    });

    holder.kill('SIGKILL');
    await once(holder, 'exit');

    const next = runLock(directory);
    expect(next.acquire().ok).toBe(true);
    next.release();
  });
});

describe('files', () => {
  test('are written whole, with their folders, and listed by code unit', () => {
    const path = join(directory, 'new', 'b.txt');
    unwrap(systemFiles.write(path, 'one'));
    unwrap(systemFiles.write(path, 'two ✓'));
    unwrap(systemFiles.write(join(directory, 'new', 'B.txt'), ''));

    expect(readFileSync(path, 'utf8')).toBe('two ✓');
    expect(unwrap(systemFiles.read(path))).toBe('two ✓');
    expect(unwrap(systemFiles.list(join(directory, 'new')))).toEqual(['B.txt', 'b.txt']);
    expect(systemFiles.kind(path)).toBe('file');
    expect(systemFiles.kind(directory)).toBe('directory');
    expect(systemFiles.kind(join(directory, 'no'))).toBe('missing');
    expect(systemFiles.resolve(directory, 'x')).toBe(join(directory, 'x'));
  });

  test('that cannot be read or written are failures with the path', () => {
    const missing = join(directory, 'no');

    expect(systemFiles.read(missing)).toMatchObject({ ok: false, error: { code: 'file.not-found' } });
    expect(systemFiles.read(directory)).toMatchObject({ ok: false, error: { code: 'file.read' } });
    expect(systemFiles.write(directory, '')).toMatchObject({ ok: false, error: { code: 'file.write' } });
    expect(systemFiles.list(directory)).toEqual({ ok: true, value: [] });
  });
});
