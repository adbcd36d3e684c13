import { assert, assertFalse } from "@std/assert";
import { bytesOf } from "../../lib/protocol/ascii.ts";
import { isHttpLine } from "../../lib/protocol/http_line.ts";

Deno.test({
  name: "isHttpLine() knows the first line of a request of any method and version",
  permissions: "none",
  fn() {
    for (
      const line of [
        "GET / HTTP/1.1\r",
        "POST /IAMAT HTTP/1.0",
        "IAMAT /a HTTP/1.1",
        "PRI * HTTP/2.0\r",
        "POST / HTTP/1.1 \t\r",
      ]
    ) assert(isHttpLine(bytesOf(line)), line);
  },
});

Deno.test({
  name: "isHttpLine() takes no other line for one",
  permissions: "none",
  fn() {
    for (
      const line of [
        "",
        " ",
        "HTTP/1.1",
        "1.1",
        "POST /HTTP/1.1",
        "POST / HTTP/1.",
        "POST / HTTP/11",
        "POST / HTTP/1.1 x",
        "POST / http/1.1",
        "WHATSAT HTTP/1.1 10 5",
        "Host: 127.0.0.1",
      ]
    ) assertFalse(isHttpLine(bytesOf(line)), line);
  },
});
