/**
 * A connection of the herd's operator, who proves the secret as a neighbour does and has clients
 * deleted: `FORGET ID` is answered with the tombstone, or with `?` and the line when there is no such
 * client.
 *
 * @module
 */

import { idBytesMax } from "../limits.ts";
import { deleteClient } from "../locations/deletion.ts";
import { none } from "../locations/table.ts";
import { reasonOf } from "../log/reason.ts";
import { fieldsOf, newline, textOf } from "../protocol/ascii.ts";
import { addressText } from "../transport/address.ts";
import { receiveInTime } from "./handshake.ts";
import { checkHello, type Hello, type KnownHello, LinkError, linkVersion } from "./hello.ts";
import { isLoopback } from "./incoming.ts";
import type { LineConnection } from "./line_connection.ts";
import type { LinksContext } from "./links_context.ts";
import { linkLog } from "./link_log.ts";

/** What an operator calls itself in its hello: no server has this name. */
export const operatorName = "-";

/** One operator's connection. */
export class OperatorLink {
  readonly #herd: LinksContext;
  readonly #link: LineConnection;
  readonly #hello: KnownHello;

  /**
   * @param herd what the server's links share
   * @param link the connection, whose first line was the hello
   * @param hello that hello
   * @throws {LinkError} when the hello is not an operator's to this server
   */
  constructor(herd: LinksContext, link: LineConnection, hello: Hello) {
    checkHello(hello, { to: herd.name, from: operatorName, version: linkVersion });
    const { remote } = link.connection;
    if (!herd.prover.hasSecret && !isLoopback(remote.hostname)) {
      throw new LinkError("an operator on another machine needs HERD_SECRET");
    }
    this.#herd = herd;
    this.#link = link;
    this.#hello = hello;
    linkLog(herd, link, `operator ${addressText(remote)}`);
  }

  /** Has the operator prove the secret, and proves it to the operator. @throws {LinkError} if not */
  async prove(): Promise<void> {
    await receiveInTime(this.#herd, this.#link, this.#hello);
  }

  /**
   * Does what the operator says, until the end of file.
   *
   * @throws {Error} when the connection breaks, or the disk does not take what was done
   */
  async run(): Promise<void> {
    while (await this.#link.more()) {
      await this.#link.send(await this.#answer(await this.#link.line()));
    }
    this.#link.close();
  }

  async #answer(line: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
    const [word, id, ...rest] = fieldsOf(line, 3);
    const isForget = word !== undefined && textOf(word) === "FORGET" && rest.length === 0;
    const said = ended([0x3f, 0x20, ...line]);
    if (!isForget || id === undefined || id.length > idBytesMax) return said;
    const { table, hashSeed, name: server, clock, saved } = this.#herd;
    const now = { seconds: 0, nanoseconds: 0 };
    clock.now(now);
    const number = deleteClient(table, id, { server, hashSeed, now });
    if (number === none) return said;
    const tombstone = ended(table.line(number));
    try {
      await saved?.();
    } catch (error) {
      throw new LinkError(`a tombstone is not on disk: ${reasonOf(error)}`);
    }
    return tombstone;
  }
}

function ended(line: Iterable<number>): Uint8Array<ArrayBuffer> {
  return Uint8Array.of(...line, newline);
}
