/**
 * A client of the suite that asks WHATSAT: answers have no length that is known before, so the load
 * generator is no use.
 *
 * @module
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const newline = 0x0a;

/** A connection on which questions are asked. */
export class Asking implements Disposable {
  readonly #conn: Deno.TcpConn;
  readonly #buffer: Uint8Array<ArrayBuffer>;

  private constructor(conn: Deno.TcpConn, bufferBytes: number) {
    this.#conn = conn;
    this.#buffer = new Uint8Array(bufferBytes);
  }

  static async connect(port: number, bufferBytes = 64 * 1024): Promise<Asking> {
    const conn = await Deno.connect({ hostname: "127.0.0.1", port });
    conn.setNoDelay(true);
    return new Asking(conn, bufferBytes);
  }

  /** Sends lines. */
  async send(text: string): Promise<void> {
    const bytes = encoder.encode(text);
    for (let sent = 0; sent < bytes.length;) sent += await this.#conn.write(bytes.subarray(sent));
  }

  /** Reads until so many answers to WHATSAT are there, which end in an empty line. */
  async answers(count: number): Promise<void> {
    let last = 0;
    for (let found = 0; found < count;) {
      const read = await this.#conn.read(this.#buffer);
      if (read === null) throw new Error("the server closed the connection");
      for (let at = 0; at < read; at++) {
        if (this.#buffer[at] === newline && last === newline) found++;
        last = this.#buffer[at]!;
      }
    }
  }

  /** Sends a line that is answered with one line. @returns the answer, its newline included */
  async line(text: string): Promise<string> {
    await this.send(text);
    let answer = "";
    while (!answer.endsWith("\n")) {
      const read = await this.#conn.read(this.#buffer);
      if (read === null) throw new Error("the server closed the connection");
      answer += decoder.decode(this.#buffer.subarray(0, read));
    }
    return answer;
  }

  /** @returns the record that the server has of a client, or null */
  async record(id: string): Promise<string | null> {
    let answer = await this.line(`WHATSAT ${id} 0 0\n`);
    if (!answer.startsWith("AT ")) return null;
    while (!answer.endsWith("\n\n")) {
      const read = await this.#conn.read(this.#buffer);
      if (read === null) throw new Error("the server closed the connection");
      answer += decoder.decode(this.#buffer.subarray(0, read));
    }
    return answer.slice(0, answer.indexOf("\n"));
  }

  [Symbol.dispose](): void {
    this.#conn.close();
  }
}

/** @returns a time stamp of now, later with each call */
export function newStamp(): string {
  calls = (calls + 1) % 1_000_000;
  return (Date.now() / 1000).toFixed(3) + String(calls).padStart(6, "0");
}

let calls = 0;
