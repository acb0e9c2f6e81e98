import type { Duration } from '../../core/time.ts';
import { anonymousAddress, namespaces } from './namespaces.ts';
import { formatXmlDuration } from './xml-duration.ts';
import { element, text } from './xml-markup.ts';

/** What one verb puts into an envelope; the rest is the same for all. */
export interface WsmanMessage {
  readonly action: string;
  readonly options?: readonly WsmanOption[];
  /** Markup with the prefixes of `namespaces`. */
  readonly body: string;
}

export interface WsmanOption {
  readonly name: string;
  readonly value: string;
  readonly mustComply?: boolean;
}

/** The headers of a request, as MS-WSMV §2.2.4 and DSP0226 want them. */
export interface RequestHeader {
  /** URL of the real endpoint. */
  readonly to: string;
  readonly resourceUri: string;
  /** GUID without prefix; new for each request, the same when a lost Receive is asked for again. */
  readonly messageId: string;
  /** GUID without prefix; stable over the life of a client, since Reconnect needs the same. */
  readonly sessionId: string;
  readonly maxEnvelopeBytes: number;
  readonly operationTimeout: Duration;
  /** The shell that is meant; undefined for Create. */
  readonly shellId?: string;
}

/** The headers of an answer. */
export interface ReplyHeader {
  readonly messageId: string;
  /** MessageID of the request as it was sent, `uuid:` included; empty where it had none. */
  readonly relatesTo: string;
}

/** Builds a request as UTF-8 bytes. */
export function buildRequest(header: RequestHeader, message: WsmanMessage): Uint8Array {
  const must = { 's:mustUnderstand': 'true' };
  const may = { 's:mustUnderstand': 'false' };
  const english = { ...may, 'xml:lang': 'en-US' };
  return envelope(
    message.body,
    element('a:To', {}, text(header.to)),
    element('w:ResourceURI', must, text(header.resourceUri)),
    element('a:ReplyTo', {}, element('a:Address', must, anonymousAddress)),
    element('a:Action', must, text(message.action)),
    element('w:MaxEnvelopeSize', must, String(header.maxEnvelopeBytes)),
    element('a:MessageID', {}, `uuid:${text(header.messageId)}`),
    element('w:Locale', english),
    element('p:DataLocale', english),
    element('p:SessionId', may, `uuid:${text(header.sessionId)}`),
    element('w:OperationTimeout', {}, formatXmlDuration(header.operationTimeout)),
    selectorSet(header.shellId),
    optionSet(message.options ?? []),
  );
}

/** Builds an answer or a fault as UTF-8 bytes. */
export function buildReply(header: ReplyHeader, message: WsmanMessage): Uint8Array {
  return envelope(
    message.body,
    element('a:Action', {}, text(message.action)),
    element('a:MessageID', {}, `uuid:${text(header.messageId)}`),
    element('a:To', {}, anonymousAddress),
    header.relatesTo === '' ? '' : element('a:RelatesTo', {}, text(header.relatesTo)),
  );
}

function selectorSet(shellId: string | undefined): string {
  if (shellId === undefined) return '';
  return element('w:SelectorSet', {}, element('w:Selector', { Name: 'ShellId' }, text(shellId)));
}

function optionSet(options: readonly WsmanOption[]): string {
  if (options.length === 0) return '';
  return element(
    'w:OptionSet',
    { 's:mustUnderstand': 'true' },
    ...options.map(({ name, value, mustComply }) =>
      element('w:Option', { Name: name, MustComply: mustComply === true ? 'true' : undefined }, text(value)),
    ),
  );
}

const declarations = Object.fromEntries(
  (['s', 'a', 'w', 'p', 'rsp', 'x', 'n', 'f'] as const).map((prefix) => [
    `xmlns:${prefix}`,
    namespaces[prefix],
  ]),
);

function envelope(body: string, ...headers: readonly string[]): Uint8Array {
  const whole = element(
    's:Envelope',
    { ...declarations, 'xml:lang': 'en-US' },
    element('s:Header', {}, ...headers),
    element('s:Body', {}, body),
  );
  return new TextEncoder().encode(whole);
}
