import { assertEquals, assertRejects } from "@std/assert";
import { secretOf } from "../../../lib/cli/serve/secret.ts";
import { UsageError } from "../../../lib/cli/usage.ts";
import { needs } from "../../needs.ts";

const files = await needs("read", "write");

/** Asks for HERD_SECRET with this environment. */
async function ask(variables: Record<string, string>) {
  const warnings: string[] = [];
  const secret = await secretOf("HERD_SECRET", {
    env: (name) => variables[name],
    warn: (line) => warnings.push(line),
  });
  return { secret, warnings };
}

/** Runs a test with a file that holds this. */
async function withFile(
  { bytes, mode = 0o600 }: { bytes: string | Uint8Array; mode?: number },
  check: (path: string) => Promise<void>,
): Promise<void> {
  const path = Deno.makeTempFileSync();
  try {
    Deno.writeFileSync(path, typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes);
    if (Deno.build.os !== "windows") Deno.chmodSync(path, mode);
    await check(path);
  } finally {
    Deno.removeSync(path);
  }
}

Deno.test({
  name: "secretOf() takes the variable as it is, and an empty one as none",
  permissions: "none",
  async fn() {
    assertEquals(await ask({ HERD_SECRET: " s3 " }), { secret: " s3 ", warnings: [] });
    assertEquals(await ask({ HERD_SECRET: "", HERD_SECRET_FILE: "" }), {
      secret: undefined,
      warnings: [],
    });
    assertEquals((await ask({})).secret, undefined);
  },
});

Deno.test({
  name: "secretOf() reads the file without the white space around the secret",
  ...files,
  async fn() {
    for (const bytes of ["s3 cret", "s3 cret\n", " s3 cret\r\n\n"]) {
      await withFile({ bytes }, async (path) => {
        assertEquals(await ask({ HERD_SECRET_FILE: path }), { secret: "s3 cret", warnings: [] });
      });
    }
  },
});

Deno.test({
  name: "secretOf() warns of a file that everybody may read, without what it holds",
  ...files,
  ignore: files.ignore || Deno.build.os === "windows",
  async fn() {
    await withFile({ bytes: "s3cret", mode: 0o644 }, async (path) => {
      const { secret, warnings } = await ask({ HERD_SECRET_FILE: path });
      assertEquals(secret, "s3cret");
      assertEquals(warnings, [
        `HERD_SECRET_FILE: ${path}: every user of this machine can read it; "chmod o-r" helps`,
      ]);
    });
    await withFile({ bytes: "s3cret", mode: 0o640 }, async (path) => {
      assertEquals((await ask({ HERD_SECRET_FILE: path })).warnings, []);
    });
  },
});

Deno.test({
  name: "secretOf() refuses a variable and a file at once",
  permissions: "none",
  async fn() {
    await assertRejects(
      () => ask({ HERD_SECRET: "a", HERD_SECRET_FILE: "/b" }),
      UsageError,
      "HERD_SECRET and HERD_SECRET_FILE are both set; one of them is enough",
    );
  },
});

Deno.test({
  name: "secretOf() says in one line what is wrong with a file, and never what it holds",
  ...files,
  async fn() {
    const wrong: [string | Uint8Array, string][] = [
      ["", "is empty; should hold a secret"],
      [" \n", "is empty; should hold a secret"],
      ["s3cret\nmore", "has several lines; should hold a secret and nothing else"],
      [new Uint8Array([0xff, 0x73]), "is not text"],
    ];
    for (const [bytes, complaint] of wrong) {
      await withFile({ bytes }, async (path) => {
        const error = await assertRejects(() => ask({ HERD_SECRET_FILE: path }), UsageError);
        assertEquals(error.message.startsWith(`HERD_SECRET_FILE: ${path}: ${complaint}`), true);
        assertEquals(/s3cret|more|\n/.test(error.message), false, error.message);
      });
    }
    await assertRejects(
      () => ask({ HERD_SECRET_FILE: "/there/is/none" }),
      UsageError,
      "HERD_SECRET_FILE: /there/is/none: there is no such file",
    );
  },
});
