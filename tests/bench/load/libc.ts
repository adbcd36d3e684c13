/**
 * Sockets straight from the C library, for the load generator only. A generator that waited for a
 * promise a line would cost as much as the servers it measures; these calls cost what they cost
 * `redis-benchmark`. Linux, since `epoll` is.
 *
 * @module
 */

const symbols = {
  socket: { parameters: ["i32", "i32", "i32"], result: "i32" },
  connect: { parameters: ["i32", "buffer", "u32"], result: "i32" },
  setsockopt: { parameters: ["i32", "i32", "i32", "buffer", "u32"], result: "i32" },
  send: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  recv: { parameters: ["i32", "buffer", "usize", "i32"], result: "isize" },
  close: { parameters: ["i32"], result: "i32" },
  epoll_create1: { parameters: ["i32"], result: "i32" },
  epoll_ctl: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  epoll_wait: { parameters: ["i32", "buffer", "i32", "i32"], result: "i32" },
  epoll_pwait2: {
    parameters: ["i32", "buffer", "i32", "buffer", "pointer"],
    result: "i32",
    optional: true,
  },
  prctl: { parameters: ["i32", "usize", "usize", "usize", "usize"], result: "i32" },
} as const;

if (Deno.build.os !== "linux") {
  throw new Error("the load generator needs Linux: it waits with epoll and reads /proc");
}
const libc = Deno.dlopen("libc.so.6", symbols).symbols;

const inetFamily = 2;
const streamType = 1;
const tcpLevel = 6;
const noDelayOption = 1;
const dontWait = 0x40;
const noSignal = 0x4000;
const epollAdd = 1;
const epollIn = 1;
const timerSlack = 29;
/** `struct epoll_event` is packed on x86 alone. */
const eventWords = Deno.build.arch === "x86_64" ? 3 : 4;
const dataWord = Deno.build.arch === "x86_64" ? 1 : 2;

/** A TCP connection to a port of this machine, its ends in bytes. */
export class Socket {
  readonly descriptor: number;

  /** @throws {Error} when nobody listens there */
  constructor(port: number) {
    const descriptor = libc.socket(inetFamily, streamType, 0);
    if (descriptor < 0) throw new Error("no socket to be had: too many open files?");
    this.descriptor = descriptor;
    const address = new Uint8Array([inetFamily, 0, port >> 8, port & 255, 127, 0, 0, 1, ...zeros]);
    if (libc.connect(descriptor, address, address.length) !== 0) {
      libc.close(descriptor);
      throw new Error(`no connection to port ${port}`);
    }
    libc.setsockopt(descriptor, tcpLevel, noDelayOption, new Int32Array([1]), 4);
  }

  /** Sends all of it; waits while the other side does not read. */
  send(bytes: Uint8Array<ArrayBuffer>): void {
    let sent = Number(libc.send(this.descriptor, bytes, BigInt(bytes.length), noSignal));
    while (sent < bytes.length) {
      if (sent < 0) throw new Error("the server closed the connection");
      const rest = bytes.subarray(sent);
      const more = Number(libc.send(this.descriptor, rest, BigInt(rest.length), noSignal));
      if (more < 0) throw new Error("the server closed the connection");
      sent += more;
    }
  }

  /** @returns how many bytes were there to receive; 0 at the end, less than 0 when there are none */
  receive(into: Uint8Array<ArrayBuffer>): number {
    return Number(libc.recv(this.descriptor, into, BigInt(into.length), dontWait));
  }

  close(): void {
    libc.close(this.descriptor);
  }
}

const zeros = [0, 0, 0, 0, 0, 0, 0, 0];

/** Waits for bytes on many sockets. */
export class Poll {
  readonly #descriptor = libc.epoll_create1(0);
  readonly #events = new Int32Array(eventWords * 512);
  readonly #eventBytes = new Uint8Array(this.#events.buffer);
  readonly #timeout = new BigInt64Array(2);
  readonly #timeoutBytes = new Uint8Array(this.#timeout.buffer);

  /**
   * @param socket what is waited for
   * @param index what stands for it
   */
  add(socket: Socket, index: number): void {
    const event = new Int32Array(eventWords);
    event[0] = epollIn;
    event[dataWord] = index;
    libc.epoll_ctl(this.#descriptor, epollAdd, socket.descriptor, new Uint8Array(event.buffer));
  }

  /** @returns how many sockets have something, at once or within the time */
  wait(timeoutMs: number): number {
    return libc.epoll_wait(this.#descriptor, this.#eventBytes, 512, timeoutMs);
  }

  /** As {@linkcode wait}, to the microsecond where the system can. */
  waitFinely(timeoutMs: number): number {
    if (libc.epoll_pwait2 === null) return this.wait(0);
    this.#timeout[1] = BigInt(Math.max(0, Math.floor(timeoutMs * 1_000_000)));
    return libc.epoll_pwait2(this.#descriptor, this.#eventBytes, 512, this.#timeoutBytes, null);
  }

  /** @returns the index of the `at`-th socket that has something */
  ready(at: number): number {
    return this.#events[at * eventWords + dataWord]!;
  }

  close(): void {
    libc.close(this.#descriptor);
  }
}

/** Makes this process wake when it asked to, not up to 50 µs later as others do. */
export function wakePunctually(): void {
  libc.prctl(timerSlack, 1n, 0n, 0n, 0n);
}
