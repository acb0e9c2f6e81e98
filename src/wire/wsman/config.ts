import { ok } from '../../core/result.ts';
import type { Result } from '../../core/result.ts';
import { milliseconds } from '../../core/time.ts';
import type { Duration } from '../../core/time.ts';
import type { WsmanMessage } from './envelope.ts';
import { actions, namespaces } from './namespaces.ts';
import { bodyElement, malformed } from './parse-envelope.ts';
import type { Envelope } from './parse-envelope.ts';
import { present } from './shell-elements.ts';
import { childOf, childText } from './xml-element.ts';
import type { XmlElement } from './xml-element.ts';
import { element } from './xml-markup.ts';

/**
 * Settings of the WinRM service that bound its clients; what a host leaves out is undefined.
 *
 * Only administrators may ask, so nothing may depend on it.
 *
 * @see MS-WSMV §2.2.4.8 ConfigType
 */
export interface ServiceConfig {
  readonly maxEnvelopeBytes: number;
  /** Caps the OperationTimeout of requests. */
  readonly maxOperationTimeout?: Duration;
  readonly maxBatchItems?: number;
  readonly maxConcurrentOperationsPerUser?: number;
  readonly maxConnections?: number;
  readonly allowsUnencrypted?: boolean;
  readonly maxShellsPerUser?: number;
  readonly maxProcessesPerShell?: number;
  readonly maxMemoryPerShellMegabytes?: number;
  readonly maxConcurrentUsers?: number;
  readonly shellIdleTimeout?: Duration;
}

/** Answers Get on `resourceUris.config`. */
export function configGot(config: ServiceConfig): WsmanMessage {
  return {
    action: actions.getResponse,
    body: element(
      'cfg:Config',
      { 'xmlns:cfg': namespaces.cfg },
      number('MaxEnvelopeSizekb', config.maxEnvelopeBytes / 1024),
      number('MaxTimeoutms', config.maxOperationTimeout),
      number('MaxBatchItems', config.maxBatchItems),
      element(
        'cfg:Service',
        {},
        number('MaxConcurrentOperationsPerUser', config.maxConcurrentOperationsPerUser),
        number('MaxConnections', config.maxConnections),
        setting('AllowUnencrypted', config.allowsUnencrypted?.toString()),
      ),
      element(
        'cfg:Winrs',
        {},
        number('IdleTimeout', config.shellIdleTimeout),
        number('MaxConcurrentUsers', config.maxConcurrentUsers),
        number('MaxProcessesPerShell', config.maxProcessesPerShell),
        number('MaxMemoryPerShellMB', config.maxMemoryPerShellMegabytes),
        number('MaxShellsPerUser', config.maxShellsPerUser),
      ),
    ),
  };
}

/** Reads the answer to Get on `resourceUris.config`; failure `wsman.malformed`. */
export function parseConfigGot(envelope: Envelope): Result<ServiceConfig> {
  const body = bodyElement(envelope, namespaces.cfg, 'Config');
  if (!body.ok) return body;
  const kibibytes = readNumber(body.value, 'MaxEnvelopeSizekb');
  if (kibibytes === undefined) return malformed('Get', 'it names no MaxEnvelopeSizekb');
  const service = childOf(body.value, namespaces.cfg, 'Service');
  const shells = childOf(body.value, namespaces.cfg, 'Winrs');
  return ok({
    maxEnvelopeBytes: kibibytes * 1024,
    ...present({
      maxOperationTimeout: readDuration(body.value, 'MaxTimeoutms'),
      maxBatchItems: readNumber(body.value, 'MaxBatchItems'),
      maxConcurrentOperationsPerUser: readNumber(service, 'MaxConcurrentOperationsPerUser'),
      maxConnections: readNumber(service, 'MaxConnections'),
      allowsUnencrypted: readBoolean(service, 'AllowUnencrypted'),
      shellIdleTimeout: readDuration(shells, 'IdleTimeout'),
      maxConcurrentUsers: readNumber(shells, 'MaxConcurrentUsers'),
      maxProcessesPerShell: readNumber(shells, 'MaxProcessesPerShell'),
      maxMemoryPerShellMegabytes: readNumber(shells, 'MaxMemoryPerShellMB'),
      maxShellsPerUser: readNumber(shells, 'MaxShellsPerUser'),
    }),
  });
}

function setting(name: string, value: string | undefined): string {
  return value === undefined ? '' : element(`cfg:${name}`, {}, value);
}

function number(name: string, value: number | undefined): string {
  return setting(name, value?.toString());
}

function readNumber(parent: XmlElement | undefined, name: string): number | undefined {
  const source = parent && childText(parent, namespaces.cfg, name);
  return source !== undefined && /^\d{1,10}$/.test(source) ? Number(source) : undefined;
}

function readDuration(parent: XmlElement | undefined, name: string): Duration | undefined {
  const count = readNumber(parent, name);
  return count === undefined ? undefined : milliseconds(count);
}

function readBoolean(parent: XmlElement | undefined, name: string): boolean | undefined {
  const source = parent && childText(parent, namespaces.cfg, name);
  return source === undefined ? undefined : source.toLowerCase() === 'true';
}
