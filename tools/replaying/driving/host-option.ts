import { usualScreen } from '../../../src/wire/psrp/host-info.ts';
import type { HostInfo, HostScreen } from '../../../src/wire/psrp/host-info.ts';
import { consoleColorAt } from '../../../src/wire/psrp/host-values.ts';
import type { Coordinates, Size } from '../../../src/wire/psrp/host-values.ts';
import { asMapping } from '../yaml-file.ts';
import type { Mapping } from '../yaml-file.ts';

/** Which parts of a host a description (`host` of a step) gives the client. */
export function hostInfoOf(described: unknown): Exclude<HostInfo, 'pool'> {
  const host = asMapping(described);
  if (host === undefined || host['isHostNull'] === true) return 'none';
  if (host['isHostUINull'] === true) return 'without-ui';
  if (host['isHostRawUINull'] === true) return 'minimal';
  return { screen: screenOf(asMapping(host['hostDefaultData']) ?? {}) };
}

function screenOf(data: Mapping): HostScreen {
  const number = (name: string, usual: number): number => Number(data[name] ?? usual);
  const cell = (name: string, usual: Coordinates): Coordinates => {
    const { x, y } = asMapping(data[name]) ?? {};
    return { x: Number(x ?? usual.x), y: Number(y ?? usual.y) };
  };
  const size = (name: string, usual: Size): Size => {
    const { width, height } = asMapping(data[name]) ?? {};
    return { width: Number(width ?? usual.width), height: Number(height ?? usual.height) };
  };
  const title = data['windowTitle'];
  return {
    foregroundColor: consoleColorAt(number('foregroundColor', -1)) ?? usualScreen.foregroundColor,
    backgroundColor: consoleColorAt(number('backgroundColor', -1)) ?? usualScreen.backgroundColor,
    cursorPosition: cell('cursorPosition', usualScreen.cursorPosition),
    windowPosition: cell('windowPosition', usualScreen.windowPosition),
    cursorSize: number('cursorSize', usualScreen.cursorSize),
    bufferSize: size('bufferSize', usualScreen.bufferSize),
    windowSize: size('windowSize', usualScreen.windowSize),
    maxWindowSize: size('maxWindowSize', usualScreen.maxWindowSize),
    maxPhysicalWindowSize: size('maxPhysicalWindowSize', usualScreen.maxPhysicalWindowSize),
    windowTitle: typeof title === 'string' ? title : usualScreen.windowTitle,
  };
}
