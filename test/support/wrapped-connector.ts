import { systemConnector } from '../../src/node/http/connection.ts';
import type { HttpConnection, HttpConnector } from '../../src/ports/http-connection.ts';

type Exchange = HttpConnection['exchange'];

/** This machine's connections, with something between them and whoever uses them. */
export function wrapExchanges(wrap: (exchange: Exchange) => Exchange): HttpConnector {
  return {
    connect: (endpoint) => {
      const connection = systemConnector.connect(endpoint);
      return {
        exchange: wrap((request, signal) => connection.exchange(request, signal)),
        open: (signal) => connection.open(signal),
        close: () => {
          connection.close();
        },
        get socket() {
          return connection.socket;
        },
        get peerCertificate() {
          return connection.peerCertificate;
        },
      };
    },
  };
}
