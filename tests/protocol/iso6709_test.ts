import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOf } from "../../lib/protocol/ascii.ts";
import { parseLocation, scanLocation } from "../../lib/protocol/iso6709.ts";
import { fed } from "../feeding.ts";

/** An angle as a client may write it. */
const angle = (degreesMax: number, digitsMax: number) =>
  fc.tuple(
    fc.constantFrom("+", "-"),
    fc.integer({ min: 0, max: degreesMax - 1 }),
    fc.integer({ min: 1, max: digitsMax }),
    fc.option(fc.stringMatching(/^[0-9]{0,20}$/), { nil: null }),
  ).map(([sign, degrees, width, fraction]) =>
    sign + String(degrees).padStart(width, "0") + (fraction === null ? "" : `.${fraction}`)
  );

Deno.test({
  name: "scanLocation() finds the end of every location and parseLocation() its angles",
  permissions: "none",
  fn() {
    fc.assert(fc.property(angle(90, 2), angle(180, 3), (latitude, longitude) => {
      const text = latitude + longitude;
      const length = fed(text, ({ bytes, start }) => scanLocation(bytes, start) - start);
      assertEquals(length, text.length);
      assertEquals(parseLocation(text), {
        latitude: Number(latitude),
        longitude: Number(longitude),
      });
    }));
  },
});

Deno.test({
  name: "parseLocation() gives back every location that decimal degrees can say",
  permissions: "none",
  fn() {
    const signed = (degrees: number) => (degrees < 0 ? "-" : "+") + Math.abs(degrees).toFixed(6);
    const within = (max: number) =>
      fc.integer({ min: -max * 1e6, max: max * 1e6 }).map((micros) => micros / 1e6);
    fc.assert(fc.property(within(90), within(180), (latitude, longitude) => {
      const text = signed(latitude) + signed(longitude);
      assertEquals(scanLocation(bytesOf(`${text} `), 0), text.length);
      const location = parseLocation(text);
      assert(location.latitude === latitude && location.longitude === longitude, text);
    }));
  },
});

Deno.test({
  name: "parseLocation() takes an angle that ends in a point",
  permissions: "none",
  fn() {
    assertEquals(parseLocation("+34.-118."), { latitude: 34, longitude: -118 });
  },
});

Deno.test({
  name: "scanLocation() wants white space behind the location",
  permissions: "none",
  fn() {
    for (const space of " \t\n\v\f\r") assertEquals(scanLocation(bytesOf(`+1-2${space}`), 0), 4);
    for (const byte of ["+", "-", ".", "x", "\xa0", "\x00"]) {
      const expected = byte === "." ? 5 : -1;
      assertEquals(scanLocation(bytesOf(`+1-2${byte}\n`), 0), expected, byte);
    }
  },
});
