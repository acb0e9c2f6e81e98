import { Secret } from '../core/secret.ts';
import type { ProxySettings } from '../core/target.ts';
import type { ConnectionReader } from './connection-reader.ts';

const remedy = 'Write http://PROXY:PORT, or http://USER:PASSWORD@PROXY:PORT with special characters as %XX.';
const defaultPort = 80;

/** The proxy of the inventory. Its URL may carry a password, so no message shows it. */
export function proxyOf(reader: ConnectionReader): ProxySettings | undefined {
  const text = reader.text('proxy');
  if (text === undefined) return undefined;
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  const url = hasScheme ? URL.parse(text) : URL.parse(`http://${text}`);
  if (url?.protocol !== 'http:' || url.hostname === '') {
    reader.refuse('proxy', 'is not the URL of an HTTP proxy', { remedy });
    return undefined;
  }
  const [user, password] = [decoded(url.username), decoded(url.password)];
  if (user === undefined || password === undefined) {
    reader.refuse('proxy', 'has a user or password that cannot be read', { remedy });
    return undefined;
  }
  return {
    address: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? defaultPort : Number(url.port),
    ...(user === '' ? {} : { user }),
    ...(password === '' ? {} : { password: new Secret(password) }),
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
