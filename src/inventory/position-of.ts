import type { Position } from '../model/document.ts';
import type { Origin } from '../model/inventory.ts';

/** Where an origin points; the start of its file where it knows no line. */
export function positionOf({ file, line = 1, column = 1 }: Origin): Position {
  return { file, line, column };
}
