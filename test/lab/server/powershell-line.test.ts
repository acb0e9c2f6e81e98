import { describe, expect, test } from 'vitest';
import { encodedScript } from '../../../src/lab/server/powershell-line.ts';

const script = 'Write-Host "✓ 😀"';
const encoded = Buffer.from(script, 'utf16le').toString('base64');

describe('an encoded script', () => {
  test.each([
    `powershell -encodedcommand ${encoded}`,
    `PowerShell -NoProfile -NonInteractive -ExecutionPolicy Unrestricted -EncodedCommand ${encoded}`,
    `powershell.exe -enc ${encoded}`,
    `pwsh -e ${encoded}`,
    `pwsh.exe /ec ${encoded}`,
    `C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe -EncodedCommand ${encoded}`,
    `  "powershell.exe"   -encodedC   ${encoded}  `,
  ])('is found in %s', (line) => {
    expect(encodedScript(line)).toBe(script);
  });

  test.each([
    '',
    `cmd -enc ${encoded}`,
    `mypowershell -enc ${encoded}`,
    'powershell -enc',
    'powershell -enc ***',
    `powershell -ExecutionPolicy ${encoded}`,
    `powershell - ${encoded}`,
    'powershell Write-Host hi',
  ])('is not in %j', (line) => {
    expect(encodedScript(line)).toBeUndefined();
  });
});
