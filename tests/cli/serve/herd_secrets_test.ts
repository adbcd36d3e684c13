import { assert, assertEquals, assertRejects } from "@std/assert";
import { herdSecrets } from "../../../lib/cli/serve/herd_secrets.ts";
import { UsageError } from "../../../lib/cli/usage.ts";
import { secretBytesMin } from "../../../lib/limits.ts";
import { needs } from "../../needs.ts";

const files = await needs("read", "write");
const [long, other] = ["0123456789abcdef", "a long secret of another kind"];

function inVariable(secret: string) {
  return herdSecrets({ env: (name) => name === "HERD_SECRET" ? secret : undefined, warn() {} });
}

/** Reads a file that holds this; what is said of it names it "F". */
async function inFile(text: string): Promise<readonly string[]> {
  const path = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(path, text);
    return await herdSecrets({
      env: (name) => name === "HERD_SECRET_FILE" ? path : undefined,
      warn() {},
    });
  } catch (error) {
    assert(error instanceof UsageError);
    throw new UsageError(error.message.replaceAll(path, "F"));
  } finally {
    Deno.removeSync(path);
  }
}

Deno.test({
  name: "herdSecrets() takes a secret of secretBytesMin bytes, and none where there is none",
  permissions: "none",
  async fn() {
    assertEquals(long.length, secretBytesMin);
    assertEquals(await inVariable(long), [long]);
    assertEquals(await inVariable("é".repeat(8)), ["é".repeat(8)]);
    assertEquals(await inVariable(""), []);
  },
});

Deno.test({
  name: "herdSecrets() refuses a shorter one in one line that says how to make one",
  permissions: "none",
  async fn() {
    const error = await assertRejects(() => inVariable("kiwi"), UsageError);
    assertEquals(
      error.message,
      "HERD_SECRET: the secret has 4 bytes, and could be guessed; should have at least 16: " +
        '"herd-server init secret" makes one',
    );
    await assertRejects(() => inVariable(long.slice(1)), UsageError, "has 15 bytes");
  },
});

Deno.test({
  name: "herdSecrets() takes two from a file, a line each, the first in front",
  ...files,
  async fn() {
    assertEquals(await inFile(`${long}\n`), [long]);
    assertEquals(await inFile(`${long}\n${other}\n`), [long, other]);
    assertEquals(await inFile(`\n ${other} \r\n\r\n${long}`), [other, long]);
  },
});

Deno.test({
  name: "herdSecrets() refuses a file with a short secret or with three, and says none of them",
  ...files,
  async fn() {
    const wrong: [text: string, complaint: string][] = [
      [`${long}\nkiwi`, "HERD_SECRET_FILE: F: the second has 4 bytes"],
      [`kiwi\n${long}`, "HERD_SECRET_FILE: F: the first secret has 4 bytes"],
      [
        `${long}\n${other}\n${long}`,
        "HERD_SECRET_FILE: F: has 3 secrets; should hold one, or two while it is changed",
      ],
    ];
    for (const [text, complaint] of wrong) {
      const error = await assertRejects(() => inFile(text), UsageError, complaint);
      assertEquals(/kiwi|0123|another kind|\n/.test(error.message), false, error.message);
    }
  },
});
