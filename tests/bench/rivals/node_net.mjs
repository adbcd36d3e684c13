// A herd's server on Node's `net`: latin1 strings, which keep bytes as they are, one write for all
// answers to a read, links that stay open and send what is newest.
//
//     node node_net.mjs NAME PORT LOG NEIGHBOUR_PORT...

import { openSync, write } from "node:fs";
import { connect, createServer } from "node:net";

const [name, port, logPath, ...neighbourPorts] = process.argv.slice(2);
const iamat =
  /^[ \t\r\f\v]*IAMAT[ \t\r\f\v]+([^ \t\r\f\v]+)[ \t\r\f\v]+(([+-]\d{1,2}(?:\.\d*)?)([+-]\d{1,3}(?:\.\d*)?))[ \t\r\f\v]+((\d+)(?:\.(\d+))?)[ \t\r\f\v]*$/;
const at = /^AT \S+ [+-]\d+\.\d{9} (\S+) \S+ (\d+)(?:\.(\d+))?$/;

const file = openSync(logPath, "a");
let logText = "";
let logTimer = null;
function log(text) {
  logText += text;
  if (logText.length > 65_536) flushLog();
  else logTimer ??= setTimeout(flushLog, 100);
}
function flushLog() {
  clearTimeout(logTimer);
  logTimer = null;
  write(file, Buffer.from(logText, "latin1"), () => {});
  logText = "";
}

// The time as whole seconds and nanoseconds, since no number holds both.
let seconds = 0;
let nanos = 0;
let stamp = "";
function readClock() {
  const ms = performance.timeOrigin + performance.now();
  const now = Math.floor(ms / 1000);
  if (now !== seconds) stamp = new Date(now * 1000).toISOString().slice(0, 19);
  seconds = now;
  nanos = Math.floor((ms - now * 1000) * 1e6);
}
function difference(stampSeconds, stampNanos) {
  let whole = seconds - stampSeconds;
  let part = nanos - stampNanos;
  const isNegative = whole < 0 || (whole === 0 && part < 0);
  if (isNegative) [whole, part] = [-whole, -part];
  if (part < 0) [whole, part] = [whole - 1, part + 1e9];
  return `${isNegative ? "-" : "+"}${whole}.${String(part).padStart(9, "0")}`;
}

const clients = new Map();
function learn(id, line, stampSeconds, stampNanos) {
  const known = clients.get(id);
  if (known === undefined) {
    clients.set(id, { line, seconds: stampSeconds, nanos: stampNanos });
  } else if (
    stampSeconds > known.seconds || (stampSeconds === known.seconds && stampNanos > known.nanos)
  ) {
    known.line = line;
    known.seconds = stampSeconds;
    known.nanos = stampNanos;
  } else return;
  for (const link of links) link.send(id, line);
}

class Link {
  #port;
  #socket = null;
  #waiting = new Map();
  #scheduled = false;
  constructor(port) {
    this.#port = port;
    this.#dial();
  }
  #dial() {
    const socket = connect({ host: "127.0.0.1", port: this.#port, noDelay: true });
    socket.on("connect", () => this.#socket = socket);
    socket.on("drain", () => this.#flush());
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#socket = null;
      setTimeout(() => this.#dial(), 500);
    });
    socket.resume();
  }
  send(id, line) {
    if (this.#socket === null) return;
    this.#waiting.set(id, line);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }
  #flush() {
    this.#scheduled = false;
    if (this.#socket === null || this.#socket.writableNeedDrain || this.#waiting.size === 0) return;
    const before = `${stamp}.${nanos} INFO out ${this.#port} `;
    let text = "";
    let logged = "";
    for (const line of this.#waiting.values()) {
      text += `${line}\n`;
      logged += `${before}${line}\n`;
    }
    this.#waiting.clear();
    log(logged);
    this.#socket.write(text, "latin1");
  }
}
const links = neighbourPorts.map((port) => new Link(Number(port)));

function answer(line) {
  const report = iamat.exec(line);
  if (report !== null && Math.abs(report[3]) <= 90 && Math.abs(report[4]) <= 180) {
    const stampSeconds = Number(report[6]);
    const stampNanos = Number((report[7] ?? "").slice(0, 9).padEnd(9, "0"));
    const told = difference(stampSeconds, stampNanos);
    const record = `AT ${name} ${told} ${report[1]} ${report[2]} ${report[5]}`;
    learn(report[1], record, stampSeconds, stampNanos);
    return record;
  }
  const record = at.exec(line);
  if (record === null) return `? ${line}`;
  learn(record[1], line, Number(record[2]), Number((record[3] ?? "").slice(0, 9).padEnd(9, "0")));
  return null;
}

createServer({ noDelay: true }, (socket) => {
  const peer = `${socket.remoteAddress}:${socket.remotePort}`;
  let rest = "";
  socket.setEncoding("latin1");
  socket.on("error", () => {});
  socket.on("data", (text) => {
    readClock();
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    const before = `${stamp}.${nanos} INFO`;
    let answers = "";
    let logged = "";
    for (const line of lines) {
      const told = answer(line);
      logged += `${before} in ${peer} ${line}\n`;
      if (told === null) continue;
      answers += `${told}\n`;
      logged += `${before} out ${peer} ${told}\n`;
    }
    log(logged);
    if (answers !== "" && !socket.write(answers, "latin1")) {
      socket.pause();
      socket.once("drain", () => socket.resume());
    }
  });
}).listen({ port: Number(port), host: "127.0.0.1", backlog: 1024 });
