// Loaded before an example of the pages: hosts of corp.example are the ones that the test serves on loopback.
import { Socket } from 'node:net';

/** @type {Map<unknown, string | undefined>} */
const ports = new Map([
  [5985, process.env['EXAMPLE_HTTP_PORT']],
  [5986, process.env['EXAMPLE_HTTPS_PORT']],
]);
const { connect } = Socket.prototype;

/**
 * @this {Socket}
 * @param {any[]} args
 */
function redirected(...args) {
  const [first] = args;
  const options = Array.isArray(first) ? first[0] : first;
  if (typeof options?.host === 'string' && options.host.endsWith('.corp.example')) {
    options.host = '127.0.0.1';
    options.port = Number(ports.get(options.port));
  }
  return Reflect.apply(connect, this, args);
}

Object.defineProperty(Socket.prototype, 'connect', { value: redirected });
