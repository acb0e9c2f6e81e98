import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { animate } from '../../tools/picture/animate.ts';
import { plainText, readScreen } from '../../tools/picture/screen.ts';

describe('a captured terminal', () => {
  test('is read as stretches of one look, each at its column', () => {
    const screen = readScreen(
      '\u001B[1mhost  \u001B[22;33mdrifted !\u001B[39m  ok\n\n\u001B[2mdim\u001B[0m end\n',
    );

    expect(screen).toEqual([
      [
        { column: 0, text: 'host', look: 'bold' },
        { column: 6, text: 'drifted !', look: 'yellow' },
        { column: 17, text: 'ok', look: '' },
      ],
      [],
      [
        { column: 0, text: 'dim', look: 'dim' },
        { column: 4, text: 'end', look: '' },
      ],
    ]);
  });

  test('keeps a colour over the end of a line, and lets go of a bright one', () => {
    const screen = readScreen('\u001B[91mone\ntwo\u001B[39m three');

    expect(screen.flat().map(({ look }) => look)).toEqual(['red', 'red', '']);
  });

  test('is plain text without its codes', () => {
    expect(plainText('\u001B[1m── plan\u001B[0m')).toBe('── plan');
  });
});

describe('the picture', () => {
  const frames = [readScreen('first'), readScreen('a < b & "c"')].map((screen) => ({ screen, seconds: 2 }));
  const picture = animate(frames, { columns: 20, rows: 5 }, 'demo');

  test('shows each screen for its time, and the last one where nothing moves', () => {
    expect(picture).toContain('transform: translateY(-90px); animation: play 4s step-end infinite;');
    expect(picture).toContain(
      '0.00% { transform: translateY(0px); }\n50.00% { transform: translateY(-90px); }',
    );
  });

  test('escapes what the terminal showed', () => {
    expect(picture).toContain('>a &lt; b &amp; &quot;c&quot;</tspan>');
  });

  test('that the README shows is self-contained, small, and tells nothing of the machine it was made on', () => {
    const shown = readFileSync(join(import.meta.dirname, '../../docs/demo.svg'), 'utf8');

    expect(shown.length).toBeLessThan(300_000);
    expect(shown).not.toMatch(/(?:href|src)=|url\(|\/tmp\/|\/work\//);
    expect(shown).toContain('The fleet ended as the demo expects');
  });
});
