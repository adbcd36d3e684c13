/**
 * What a link has while it is live, in either direction: a writer, a heartbeat, and work in slices.
 *
 * @module
 */

import type { Clock } from "../transport/transport.ts";
import { Heartbeat } from "./heartbeat.ts";
import { LinkError } from "./hello.ts";
import type { LineConnection } from "./line_connection.ts";
import { LinkWriter, type RecordSource } from "./link_writer.ts";
import { Slices } from "../pacing/slices.ts";

/** A live link. Disposing of it closes the connection. */
export class LiveLink implements Disposable {
  readonly writer: LinkWriter;
  readonly slices: Slices;
  readonly #link: LineConnection;
  readonly #heartbeat: Heartbeat;

  /**
   * @param link the connection, on which both sides have proven themselves
   * @param options.records what the writer sends besides what it is told to say
   */
  constructor(link: LineConnection, { clock, records }: { clock: Clock; records?: RecordSource }) {
    this.#link = link;
    const onBroken = (error: unknown) => link.close(error);
    this.writer = new LinkWriter(
      link,
      records ? { clock, records, onBroken } : { clock, onBroken },
    );
    this.slices = new Slices(clock);
    this.#heartbeat = new Heartbeat({
      beat: () => this.writer.beat(),
      silent: () => link.close(new LinkError("silent")),
    }, clock);
    link.onHeard = () => this.#heartbeat.heard();
  }

  [Symbol.dispose](): void {
    this.#heartbeat.stop();
    this.slices.stop();
    this.writer.stop();
    this.#link.close();
  }
}
