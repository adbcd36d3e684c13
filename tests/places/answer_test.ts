import { assertEquals } from "@std/assert";
import { placesAnswer, troubleAnswer } from "../../lib/places/answer.ts";
import { textOf } from "./google_context.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("placesAnswer() says ZERO_RESULTS when there are none", () => {
  const answer = placesAnswer([]);
  assertEquals(answer.status, "ZERO_RESULTS");
  assertEquals(answer.count, 0);
  assertEquals("trouble" in answer, false);
  assertEquals(
    textOf(answer),
    `{
   "html_attributions" : [],
   "results" : [],
   "status" : "ZERO_RESULTS"
}`,
  );
});

test("placesAnswer() keeps the order of the places and the attributions", () => {
  const answer = placesAnswer([{ name: "B" }, { name: "A" }], ["<i>Somebody</i>"]);
  assertEquals(answer.status, "OK");
  assertEquals(answer.count, 2);
  assertEquals(
    textOf(answer),
    `{
   "html_attributions" : [ "\\u003ci\\u003eSomebody\\u003c/i\\u003e" ],
   "results" : [
      {
         "name" : "B"
      },
      {
         "name" : "A"
      }
   ],
   "status" : "OK"
}`,
  );
});

test("troubleAnswer() has Google's shape: message, no places, and the status", () => {
  const answer = troubleAnswer("REQUEST_DENIED", {
    message: "The provided API key is invalid.",
    trouble: "HTTP 400",
  });
  assertEquals(answer.status, "REQUEST_DENIED");
  assertEquals(answer.count, 0);
  assertEquals(answer.trouble, "HTTP 400");
  assertEquals(
    textOf(answer),
    `{
   "error_message" : "The provided API key is invalid.",
   "html_attributions" : [],
   "results" : [],
   "status" : "REQUEST_DENIED"
}`,
  );
});
