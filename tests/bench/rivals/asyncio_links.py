"""A herd's server in asyncio, by its book for speed: protocols instead of streams, bytes instead of
strings, one write for all answers to a read, links that stay open and send what is newest.

    python3 asyncio_links.py [--uvloop] NAME PORT LOG NEIGHBOUR_PORT...
"""

import asyncio
import re
import sys
import time

NUMBER = rb"(\d+)(?:\.(\d+))?"
PLACE = rb"([+-]\d{1,2}(?:\.\d*)?)([+-]\d{1,3}(?:\.\d*)?)"
IAMAT = re.compile(rb"\s*IAMAT\s+(\S+)\s+" + PLACE + rb"\s+" + NUMBER + rb"\s*\Z")
AT = re.compile(rb"AT \S+ [+-]\d+\.\d{9} (\S+) \S+ " + NUMBER + rb"\Z")


def nanoseconds(seconds, fraction):
    return int(seconds) * 1_000_000_000 + int((fraction or b"0")[:9].ljust(9, b"0"))


class Log:
    """Lines in and out, written in batches."""

    def __init__(self, path, loop):
        self.file, self.loop = open(path, "ab", buffering=0), loop
        self.lines, self.timer = [], None

    def add(self, stamp, label, line):
        self.lines.append(b"%b %b %b\n" % (stamp, label, line))
        if self.timer is None:
            self.timer = self.loop.call_later(0.1, self.flush)
        elif len(self.lines) >= 500:
            self.timer.cancel()
            self.flush()

    def flush(self):
        self.file.write(b"".join(self.lines))
        self.lines.clear()
        self.timer = None


class Link(asyncio.Protocol):
    """A link to a neighbour. What waits is at most one record a client, the newest."""

    def __init__(self, herd, port):
        self.herd, self.port, self.label = herd, port, b"out neighbour:%d" % port
        self.transport, self.waiting, self.scheduled, self.paused = None, {}, False, False

    async def keep(self):
        while True:
            self.closed = self.herd.loop.create_future()
            try:
                await self.herd.loop.create_connection(lambda: self, "127.0.0.1", self.port)
                await self.closed
            except OSError:
                pass
            await asyncio.sleep(0.5)

    def connection_made(self, transport):
        self.transport, self.paused = transport, False

    def connection_lost(self, error):
        self.transport = None
        self.closed.set_result(None)

    def send(self, client, line):
        if self.transport is None:
            return
        self.waiting[client] = line
        if not self.scheduled and not self.paused:
            self.scheduled = True
            self.herd.loop.call_soon(self.flush)

    def flush(self):
        self.scheduled = False
        if self.transport is None or self.paused or not self.waiting:
            return
        lines, self.waiting = self.waiting.values(), {}
        stamp, log = self.herd.stamp(), self.herd.log
        for line in lines:
            log.add(stamp, self.label, line)
        self.transport.write(b"\n".join(lines) + b"\n")

    def pause_writing(self):
        self.paused = True

    def resume_writing(self):
        self.paused = False
        self.flush()


class Herd:
    def __init__(self, name, log, ports, loop):
        self.name, self.loop, self.log = name.encode(), loop, Log(log, loop)
        self.links = [Link(self, int(port)) for port in ports]
        self.records = {}

    def stamp(self):
        return b"%.6f INFO" % time.time()

    def learn(self, client, when, line):
        known = self.records.get(client)
        if known is not None and known[0] >= when:
            return
        self.records[client] = (when, line)
        for link in self.links:
            link.send(client, line)


class Session(asyncio.Protocol):
    """A client, or a neighbour that sends its records."""

    def __init__(self, herd):
        self.herd, self.rest = herd, b""

    def connection_made(self, transport):
        self.transport = transport
        peer = b"%b:%d" % (transport.get_extra_info("peername")[0].encode(),
                           transport.get_extra_info("peername")[1])
        self.heard, self.said = b"in " + peer, b"out " + peer

    def data_received(self, data):
        received, stamp = time.time_ns(), self.herd.stamp()
        *lines, self.rest = (self.rest + data).split(b"\n")
        answers = []
        for line in lines:
            self.herd.log.add(stamp, self.heard, line)
            answer = self.answer(line, received)
            if answer is not None:
                self.herd.log.add(stamp, self.said, answer)
                answers.append(answer)
        if answers:
            answers.append(b"")
            self.transport.write(b"\n".join(answers))

    def answer(self, line, received):
        match = IAMAT.match(line)
        if match is not None:
            client, latitude, longitude, seconds, fraction = match.groups()
            if abs(float(latitude)) <= 90 and abs(float(longitude)) <= 180:
                when = nanoseconds(seconds, fraction)
                sign = b"-" if received < when else b"+"
                whole, part = divmod(abs(received - when), 1_000_000_000)
                stamp = seconds if fraction is None else seconds + b"." + fraction
                answer = b"AT %b %b%d.%09d %b %b%b %b" % (
                    self.herd.name, sign, whole, part, client, latitude, longitude, stamp)
                self.herd.learn(client, when, answer)
                return answer
        match = AT.match(line)
        if match is not None:
            self.herd.learn(match[1], nanoseconds(match[2], match[3]), line)
            return None
        return b"? " + line


async def main(name, port, log, *neighbours):
    loop = asyncio.get_running_loop()
    herd = Herd(name, log, neighbours, loop)
    tasks = [loop.create_task(link.keep()) for link in herd.links]
    server = await loop.create_server(lambda: Session(herd), "127.0.0.1", int(port), backlog=1024)
    await server.serve_forever()


arguments = sys.argv[1:]
if arguments[0] == "--uvloop":
    import uvloop
    uvloop.install()
    arguments = arguments[1:]
asyncio.run(main(*arguments))
