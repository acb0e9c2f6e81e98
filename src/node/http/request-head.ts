import type { HttpEndpoint, HttpRequest } from '../../ports/http-connection.ts';

/** The head of a request as it goes over the wire, with Host and Content-Length. */
export function formatRequestHead(endpoint: HttpEndpoint, request: HttpRequest): string {
  const headers = {
    Host: `${hostName(endpoint.address)}:${String(endpoint.port)}`,
    Connection: 'Keep-Alive',
    ...request.headers,
    'Content-Length': String(request.body.length),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const head = [`${request.method} ${request.path} HTTP/1.1`, ...lines];
  if (head.some((line) => /[\r\n\0]/.test(line))) throw new TypeError('a header holds a line break');
  return `${head.join('\r\n')}\r\n\r\n`;
}

/** An IPv6 address stands in brackets, without its zone, which means something on this machine only. */
export function hostName(address: string): string {
  return address.includes(':') ? `[${address.replace(/%.*$/, '')}]` : address;
}
