"""A client as the assignment's graders write it: asyncio, one line, half-close, one read.

Reads a list of conversations from standard input and prints the list of what was read, both as JSON:

    [{"port": 12104, "send": "IAMAT …\\n", "read": "once", "eof": true}]

"read" is "once" for reader.read(n), "all" for reader.read(), "line" for reader.readline(), or "lines"
for as many of those as there are newlines in "send". "eof" says whether to half-close before reading.
The conversations are held one after another, or all at once when the program is told "together".
"""

import asyncio
import json
import sys

BYTES_MAX = 1_000_000
SECONDS_MAX = 20


async def converse(port, send, read, eof):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=BYTES_MAX)
    try:
        writer.write(send.encode())
        await writer.drain()
        if eof:
            writer.write_eof()
        if read == "once":
            data = await reader.read(BYTES_MAX)
        elif read == "all":
            data = await reader.read()
        else:
            lines = send.count("\n") if read == "lines" else 1
            data = b"".join([await reader.readline() for _ in range(lines)])
        return data.decode()
    finally:
        writer.close()
        await writer.wait_closed()


async def main():
    talks = [
        asyncio.wait_for(converse(**conversation), SECONDS_MAX)
        for conversation in json.load(sys.stdin)
    ]
    if "together" in sys.argv[1:]:
        answers = await asyncio.gather(*talks)
    else:
        answers = [await talk for talk in talks]
    json.dump(answers, sys.stdout)


asyncio.run(main())
