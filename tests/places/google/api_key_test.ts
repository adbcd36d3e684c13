import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ApiKey, PlacesConfigurationError } from "../../../lib/places/google/api_key.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const printable = fc.string({
  unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  minLength: 8,
  maxLength: 40,
});

test("ApiKey ignores white space around the key", () => {
  assertEquals(new ApiKey("\t AIza-1\r\n").reveal(), "AIza-1");
});

test("ApiKey rejects an empty key", () => {
  assertThrows(() => new ApiKey(" \n"), PlacesConfigurationError, "is empty");
});

for (const inside of [" ", "\n", "\t", "\0", "é", "\u00a0", "\u{1f511}"]) {
  test(`ApiKey rejects ${JSON.stringify(inside)} inside, and does not quote the key`, () => {
    const error = assertThrows(
      () => new ApiKey(`AIza${inside}secret`),
      PlacesConfigurationError,
      "GOOGLE_PLACES_API_KEY",
    ) as Error;
    assertEquals(error.message.includes("secret") || error.message.includes("AIza"), false);
    assertEquals(error.message.includes("character 5:"), true);
  });
}

test("ApiKey shows the key in no view of it", () => {
  const key = new ApiKey("AIza-secret");
  for (
    const view of [Deno.inspect({ key }, { showHidden: true }), JSON.stringify({ key }), `${key}`]
  ) {
    assertEquals(view.includes("secret"), false, view);
  }
});

test("ApiKey.redact() finds the key in every spelling", () => {
  const key = new ApiKey('k"e/y\\+~1');
  const spelled = [
    'k"e/y\\+~1',
    encodeURIComponent('k"e/y\\+~1'),
    encodeURIComponent('k"e/y\\+~1').toLowerCase(),
    encodeURIComponent(encodeURIComponent('k"e/y\\+~1')),
    `${new URLSearchParams({ k: 'k"e/y\\+~1' })}`.slice(2),
    JSON.stringify('k"e/y\\+~1').slice(1, -1),
    'k\\"e\\/y\\\\+~1',
    "\\u006B\\u0022\\u0065\\u002f\\u0079\\u005c\\u002B\\u007e\\u0031",
  ];
  for (const text of spelled) assertEquals(key.redact(`<${text}>`), "<[key]>", text);
});

test("ApiKey.redact() leaves a text without the key as it is", () => {
  const key = new ApiKey("AIza-secret");
  assertEquals(key.redact("AIza-secre T %41Iza"), "AIza-secre T %41Iza");
});

test("ApiKey.redact() leaves an escape in front of the key whole", () => {
  assertEquals(new ApiKey("nab-key").redact("\\nab-key"), "\\[key]");
  assertEquals(new ApiKey("nab-key").redact("\\\\nab-key"), "\\\\[key]");
});

test("ApiKey.redact() leaves nothing of any key, plain or encoded", () => {
  fc.assert(fc.property(printable, fc.string(), fc.string(), (text, before, after) => {
    const key = new ApiKey(text);
    const encoded = [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)];
    const redacted = key.redact(before + encoded.join(" ") + after);
    assertEquals(redacted.split("[key]").length >= 4, true, redacted);
  }));
});
