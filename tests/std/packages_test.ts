import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertInstanceOf,
  AssertionError,
  assertRejects,
  assertThrows,
  fail,
} from "@std/assert";
import { deadline } from "@std/async/deadline";
import { delay } from "@std/async/delay";
import { retry, RetryError } from "@std/async/retry";
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
  name: "deadline() rejects a promise that is never kept, with a TimeoutError",
  permissions: "none",
  async fn() {
    const never = new Promise<void>(() => {});
    const error = await assertRejects(() => deadline(never, 0), DOMException);
    assertEquals(error.name, "TimeoutError");
    assertEquals(await deadline(Promise.resolve(7), 60_000), 7);
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
  name: "retry() gives up after maxAttempts with the last error as the cause",
  permissions: "none",
  async fn() {
    let calls = 0;
    const options = { maxAttempts: 3, minTimeout: 0, maxTimeout: 1 };
    const error = await assertRejects(
      () =>
        retry(() => {
          throw new Error(`attempt ${++calls}`);
        }, options),
      RetryError,
    );
    assertInstanceOf(error.cause, Error);
    assertEquals(error.cause.message, "attempt 3");
  },
});

Deno.test({
  name: "parseArgs() types what its options name",
  permissions: "none",
  fn() {
    const args = parseArgs(["run", "--port", "07", "-v", "--tag=a", "--tag=b", "--", "--x"], {
      boolean: ["verbose"],
      string: ["port", "host", "tag"],
      collect: ["tag"],
      default: { host: "localhost" },
      alias: { verbose: "v" },
      "--": true,
    });
    const host: string = args.host;
    const port: string | undefined = args.port;
    const tag: string[] = args.tag;
    const verbose: boolean = args.verbose;
    assertEquals({ host, port, tag, verbose }, {
      host: "localhost",
      port: "07",
      tag: ["a", "b"],
      verbose: true,
    });
    assertEquals([args._, args["--"]], [["run"], ["--x"]]);
  },
});
