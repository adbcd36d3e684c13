import {
  assert,
  assertAlmostEquals,
  assertEquals,
  AssertionError,
  assertRejects,
  assertThrows,
  fail,
} from "@std/assert";
import { abortable } from "@std/async/abortable";
import { deadline } from "@std/async/deadline";
import { delay } from "@std/async/delay";
import { parseArgs } from "@std/cli/parse-args";

Deno.test({
  name: "assert functions throw an AssertionError when they do not hold",
  permissions: "none",
  async fn() {
    assertThrows(() => assert(false), AssertionError);
    assertThrows(() => assertEquals<unknown>({ a: [1] }, { a: [2] }), AssertionError);
    assertThrows(() => assertAlmostEquals(1, 1.1), AssertionError);
    assertThrows(() => fail("so it is"), AssertionError, "so it is");
    await assertRejects(() => Promise.reject(new RangeError("r")), RangeError, "r");
  },
});

Deno.test({
  name: "abortable() rejects with the reason of its signal, aborted before or while it waits",
  permissions: "none",
  async fn() {
    const never = new Promise<void>(() => {});
    const before = AbortSignal.abort(new RangeError("enough"));
    await assertRejects(() => abortable(never, before), RangeError, "enough");
    const controller = new AbortController();
    const waiting = abortable(never, controller.signal);
    controller.abort(new RangeError("now"));
    await assertRejects(() => waiting, RangeError, "now");
    assertEquals(await abortable(Promise.resolve(7), new AbortController().signal), 7);
  },
});

Deno.test({
  name: "deadline() rejects a promise that is never kept, with a TimeoutError",
  permissions: "none",
  async fn() {
    const never = new Promise<void>(() => {});
    const error = await assertRejects(() => deadline(never, 0), DOMException);
    assertEquals(error.name, "TimeoutError");
  },
});

Deno.test({
  name: "delay() is kept, and ends with the reason of its signal",
  permissions: "none",
  async fn() {
    assertEquals(await delay(0), undefined);
    const signal = AbortSignal.abort(new RangeError("enough"));
    await assertRejects(() => delay(60_000, { signal }), RangeError, "enough");
  },
});

Deno.test({
  name: "parseArgs() types what its options name",
  permissions: "none",
  fn() {
    const args = parseArgs(["run", "--port", "07", "-v", "--", "--x", "12"], {
      boolean: ["verbose"],
      string: ["port", "host", "_"],
      alias: { verbose: "v" },
    });
    const host: string | undefined = args.host;
    const port: string | undefined = args.port;
    const verbose: boolean = args.verbose;
    assertEquals({ host, port, verbose }, { host: undefined, port: "07", verbose: true });
    assertEquals(args._.map(String), ["run", "--x", "12"]);
  },
});
