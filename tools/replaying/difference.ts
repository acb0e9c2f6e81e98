/** One way in which what came is not what was expected. */
export interface Difference {
  /** Where: `create-pipeline.PowerShell.Cmds[0].Cmd`. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;
}

export function formatDifference({ path, expected, got }: Difference): string {
  return `${path}: expected ${expected}, got ${got}`;
}
