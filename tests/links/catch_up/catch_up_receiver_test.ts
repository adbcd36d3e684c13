import { assertEquals, assertThrows } from "@std/assert";
import { CatchUpReceiver } from "../../../lib/links/catch_up/catch_up_receiver.ts";
import { LinkError } from "../../../lib/links/hello.ts";
import { groupCount } from "../../../lib/locations/digest.ts";
import { Table } from "../../../lib/locations/table.ts";
import { Slices } from "../../../lib/pacing/slices.ts";
import { textOf } from "../../../lib/protocol/ascii.ts";
import { MemoryClock } from "../../memory_clock.ts";

/** A receiver, and what it said: the first two words of each line. */
function receiverAtHand(table = new Table()) {
  const clock = new MemoryClock();
  const said: string[] = [];
  const say = (line: Uint8Array) => {
    const [word, group] = textOf(line).split(" ");
    said.push(word === "DIGEST" ? word : `${word} ${group}`);
  };
  const live = { slices: new Slices(clock), writer: { say } } as unknown as ConstructorParameters<
    typeof CatchUpReceiver
  >[0];
  return { clock, said, receiver: new CatchUpReceiver(live, table) };
}

Deno.test({
  name: "CatchUpReceiver.tell() tells of a group once for each time that it asked",
  permissions: "none",
  async fn() {
    const { clock, said, receiver } = receiverAtHand();
    for (let times = 0; times < 3; times++) {
      receiver.ask();
      receiver.tell(["DIFFER", "1", "7", "7"]);
      receiver.tell(["DIFFER", "7", "9"]);
      await clock.settle();
      const groups = said.splice(0).filter((line) => line !== "DIGEST");
      assertEquals(groups.filter((line) => line !== "BUCKETS 7"), ["BUCKETS 1", "BUCKETS 9"]);
      assertEquals(groups.length, 3);
    }
  },
});

Deno.test({
  name: "CatchUpReceiver.tell() tells nothing before it asked",
  permissions: "none",
  async fn() {
    const { clock, said, receiver } = receiverAtHand();
    receiver.tell(["DIFFER", "1", "2", "3"]);
    await clock.settle();
    assertEquals(said, []);
  },
});

Deno.test({
  name: "CatchUpReceiver.tell() takes every group twice, and no flood of them",
  permissions: "none",
  async fn() {
    const { clock, said, receiver } = receiverAtHand();
    for (let times = 0; times < 3; times++) {
      receiver.ask();
      for (let group = 0; group < 2 * groupCount; group += 16) {
        const groups = Array.from({ length: 16 }, (_, index) => (group + index) % groupCount);
        receiver.tell(["DIFFER", ...groups.map(String)]);
      }
      await clock.settle();
      assertEquals(new Set(said.splice(0)).size, 1 + groupCount);
    }
    assertThrows(() => receiver.tell(["DIFFER", "1"]), LinkError, "more groups than there are");
  },
});

Deno.test({
  name: "CatchUpReceiver.tell() refuses a malformed list of groups",
  permissions: "none",
  fn() {
    const { receiver } = receiverAtHand();
    assertThrows(() => receiver.tell(["DIFFER", "256"]), LinkError);
    assertThrows(() => receiver.tell(["DIFFER"]), LinkError);
  },
});
