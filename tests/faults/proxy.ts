/**
 * A bad cable: it stands between a server and a neighbour that it dials, and does to what goes
 * through it what a test says.
 *
 * @module
 */

/** What happens to what goes through. */
export type Fault =
  /** Nothing. */
  | { readonly kind: "none" }
  /** It comes so much later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** The connection ends in the middle of a line, after about so many bytes. */
  | { readonly kind: "truncate"; readonly bytes: number }
  /** Both ends are reset, after about so many bytes. */
  | { readonly kind: "reset"; readonly bytes: number }
  /** The first byte of a line is another, once in about so many bytes. */
  | { readonly kind: "corrupt"; readonly bytes: number }
  /** A digit of a record is another, once in about so many bytes: the record is well-formed. */
  | { readonly kind: "forge"; readonly bytes: number };

const newline = 0x0a;

/** A cable from whoever dials {@linkcode port} to a port on this machine. */
export class Proxy implements Disposable {
  /** Where it is dialled in the target's place. */
  readonly port: number;
  /** What it does to what goes through from now on. */
  fault: Fault = { kind: "none" };
  /** How often it has done it. */
  done = 0;
  /** Whether it takes no connections; {@linkcode cut} ends those that there are. */
  isCut = false;
  /** Bytes that went through it, both ways. */
  bytes = 0;
  readonly #target: number;
  readonly #listener: Deno.TcpListener;
  readonly #open = new Set<Deno.TcpConn>();

  /** @param target the port that it leads to */
  constructor(target: number) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = this.#listener.addr.port;
    this.#acceptAll();
  }

  async #acceptAll(): Promise<void> {
    try {
      for await (const near of this.#listener) {
        if (this.isCut) near.close();
        else this.#join(near).catch(() => {});
      }
    } catch {
      // Closed.
    }
  }

  async #join(near: Deno.TcpConn): Promise<void> {
    this.#open.add(near);
    try {
      const far = await Deno.connect({ hostname: "127.0.0.1", port: this.#target });
      this.#open.add(far);
      try {
        await Promise.race([this.#carry(near, far), this.#carry(far, near)]);
      } finally {
        this.#close(far);
      }
    } finally {
      this.#close(near);
    }
  }

  /** Carries bytes one way until the end of file, or until the fault ends it. */
  async #carry(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    let sinceFault = 0;
    let late = Promise.resolve();
    for (;;) {
      const count = await from.read(buffer);
      if (count === null) return;
      const bytes = buffer.subarray(0, count);
      const { fault } = this;
      sinceFault += count;
      this.bytes += count;
      if (fault.kind === "delay") {
        const dueMs = performance.now() + fault.ms;
        const copy = bytes.slice();
        late = late.then(() => writeLate(to, copy, dueMs));
        late.catch(() => {});
        continue;
      }
      await late;
      if ("bytes" in fault && sinceFault >= fault.bytes) {
        const goesOn = await this.#break(fault.kind, bytes, to);
        if (!goesOn) return;
        sinceFault = 0;
      } else await writeAll(to, bytes);
    }
  }

  /** @returns whether the connection goes on */
  async #break(kind: Fault["kind"], bytes: Uint8Array, to: Deno.TcpConn): Promise<boolean> {
    const line = bytes.indexOf(newline) + 1;
    if (kind === "reset") {
      this.done++;
      return false;
    }
    if (kind === "truncate") {
      this.done++;
      await writeAll(to, bytes.subarray(0, Math.min(line + 7, bytes.length - 2)));
      return false;
    }
    if (kind === "corrupt" && line < bytes.length) {
      this.done++;
      bytes[line]! ^= 0x20;
    }
    // A chunk may be one record, or begin in the middle of one.
    if (kind === "forge" && (this.#forge(bytes, 0) || this.#forge(bytes, line))) this.done++;
    await writeAll(to, bytes);
    return true;
  }

  /** Changes the last digit of a record's latitude. */
  #forge(bytes: Uint8Array, line: number): boolean {
    if (bytes[line] !== 0x41 || bytes[line + 1] !== 0x54) return false;
    const end = bytes.indexOf(newline, line);
    if (end < 0) return false;
    const text = new TextDecoder().decode(bytes.subarray(line, end));
    const at = text.lastIndexOf("-", text.lastIndexOf(" ")) - 1;
    bytes[line + at] = bytes[line + at] === 0x39 ? 0x38 : bytes[line + at]! + 1;
    return true;
  }

  #close(conn: Deno.TcpConn): void {
    if (this.#open.delete(conn)) conn.close();
  }

  /** Ends every connection; new ones are taken. */
  cut(): void {
    for (const conn of [...this.#open]) this.#close(conn);
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    this.cut();
  }
}

async function writeLate(to: Deno.TcpConn, bytes: Uint8Array, dueMs: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())));
  await writeAll(to, bytes);
}

async function writeAll(to: Deno.TcpConn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await to.write(bytes.subarray(at));
}
