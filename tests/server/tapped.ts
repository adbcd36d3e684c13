/**
 * A transport whose accepted connections can be listened in on.
 *
 * @module
 */

import type { Connection, Transport } from "../../lib/transport/transport.ts";

/** What is called in place of a connection's own; what is left out stays as it is. */
export interface Taps {
  read?(connection: Connection, into: Uint8Array<ArrayBuffer>): Promise<number | null>;
  write?(connection: Connection, bytes: Uint8Array<ArrayBuffer>): Promise<number>;
}

/** @returns a transport like this one, with taps in the connections that it accepts */
export function tapped(transport: Transport, taps: Taps): Transport {
  const { read = (connection, into) => connection.read(into) }: Taps = taps;
  const { write = (connection, bytes) => connection.write(bytes) }: Taps = taps;
  const tap = (connection: Connection): Connection => ({
    remote: connection.remote,
    read: (into) => read(connection, into),
    write: (bytes) => write(connection, bytes),
    closeWrite: () => connection.closeWrite(),
    close: () => connection.close(),
  });
  return {
    ...transport,
    listen(address) {
      const listener = transport.listen(address);
      return {
        address: listener.address,
        accept: async () => {
          const connection = await listener.accept();
          return connection && tap(connection);
        },
        close: () => listener.close(),
      };
    },
  };
}
