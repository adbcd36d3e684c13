"""A herd's server in the style of the public ones: streams, and to tell a neighbour something, a new
connection for each message.

    python3 asyncio_dials.py NAME PORT LOG NEIGHBOUR_PORT...
"""

import asyncio
import logging
import re
import sys
import time

LOCATION = re.compile(r"([+-]\d{1,2}(?:\.\d*)?)([+-]\d{1,3}(?:\.\d*)?)")
TIME = re.compile(r"(\d+)(?:\.(\d+))?")


class Server:
    def __init__(self, name, neighbours):
        self.name = name
        self.neighbours = [int(port) for port in neighbours]
        self.clients = {}

    async def handle(self, reader, writer):
        try:
            while data := await reader.readline():
                line = data.decode("latin-1").rstrip("\r\n")
                logging.info("in %s", line)
                answer = await self.respond(line)
                if answer is not None:
                    logging.info("out %s", answer)
                    writer.write(f"{answer}\n".encode("latin-1"))
                    await writer.drain()
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def respond(self, line):
        received = time.time_ns()
        fields = line.split()
        match fields:
            case ["IAMAT", client, location, stamp] if is_valid(location, stamp):
                difference = received - nanoseconds(stamp)
                whole, part = divmod(abs(difference), 1_000_000_000)
                sign = "-" if difference < 0 else "+"
                rest = f"{client} {location} {stamp}"
                record = f"AT {self.name} {sign}{whole}.{part:09} {rest}"
                await self.learn(client, stamp, record)
                return record
            case ["AT", _, _, client, _, stamp]:
                await self.learn(client, stamp, line)
                return None
        return f"? {line}"

    async def learn(self, client, stamp, record):
        known = self.clients.get(client)
        if known is not None and nanoseconds(known[0]) >= nanoseconds(stamp):
            return
        self.clients[client] = (stamp, record)
        for port in self.neighbours:
            await self.tell(port, record)

    async def tell(self, port, record):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            logging.info("no connection to %d", port)
            return
        logging.info("out %d %s", port, record)
        writer.write(f"{record}\n".encode("latin-1"))
        await writer.drain()
        writer.close()
        await writer.wait_closed()


def is_valid(location, stamp):
    place = LOCATION.fullmatch(location)
    return (place is not None and abs(float(place[1])) <= 90 and abs(float(place[2])) <= 180
            and TIME.fullmatch(stamp) is not None)


def nanoseconds(stamp):
    seconds, _, fraction = stamp.partition(".")
    return int(seconds) * 1_000_000_000 + int(fraction[:9].ljust(9, "0"))


async def main(name, port, log, *neighbours):
    logging.basicConfig(filename=log, level=logging.INFO, format="%(asctime)s %(message)s")
    herd = Server(name, neighbours)
    server = await asyncio.start_server(herd.handle, "127.0.0.1", int(port), backlog=1024)
    await server.serve_forever()


asyncio.run(main(*sys.argv[1:]))
