import { assertEquals } from "@std/assert";
import { nameHint, nearestName } from "../../lib/topology/nearest_name.ts";

const servers = ["Bailey", "Bona", "Campbell", "Clark", "Jaquez"];

Deno.test({
  name: "nearestName() forgives an inserted, removed, replaced or swapped character, and case",
  permissions: "none",
  fn() {
    for (const typo of ["Claark", "Clrk", "Clerk", "Calrk", "CLARK", "clark"]) {
      assertEquals(nearestName(typo, servers), "Clark");
    }
  },
});

Deno.test({
  name: "nearestName() takes the nearest of several, and the first of equals",
  permissions: "none",
  fn() {
    assertEquals(nearestName("Bana", ["Bailey", "Bond", "Bona"]), "Bona");
    assertEquals(nearestName("ab", ["ac", "bb"]), "ac");
  },
});

Deno.test({
  name: "nearestName() finds nothing when more than a third is wrong",
  permissions: "none",
  fn() {
    assertEquals(nearestName("Smith", servers), undefined);
    assertEquals(nearestName("Jqz", servers), undefined);
    assertEquals(nearestName("Clark", []), undefined);
    assertEquals(nearestName("", servers), undefined);
  },
});

Deno.test({
  name: "nameHint() asks for the nearest name, or says what there is",
  permissions: "none",
  fn() {
    assertEquals(nameHint("Jacquez", servers), 'did you mean "Jaquez"?');
    assertEquals(nameHint("x", ["Ann", "Bob"]), 'there are "Ann", "Bob"');
    assertEquals(nameHint("x", ["Ann"]), 'there is "Ann"');
    assertEquals(nameHint("x", []), "there is none");
  },
});
