import { assertEquals } from "@std/assert";
import { Recency, RecencyList } from "../../lib/server/recency_list.ts";
import { seededRandom } from "../seeded_random.ts";

Deno.test({
  name: "RecencyList keeps what a plain list keeps, whatever is touched, removed and moved over",
  permissions: "none",
  fn() {
    const random = seededRandom(3);
    const members = Array.from({ length: 12 }, () => new Recency());
    const lists = [new RecencyList<Recency>(), new RecencyList<Recency>()] as const;
    const models: [Recency[], Recency[]] = [[], []];
    for (let ms = 0; ms < 5_000; ms++) {
      const member = members[Math.floor(random.fraction() * members.length)]!;
      const which = random.fraction() < 0.5 ? 0 : 1;
      if (random.fraction() < 0.3) {
        lists[which].remove(member);
        models[which] = models[which].filter((other) => other !== member);
      } else {
        lists[which].touch(member, ms);
        for (const at of [0, 1] as const) models[at] = models[at].filter((it) => it !== member);
        models[which].push(member);
        assertEquals(member.sinceMs, ms);
      }
      for (const at of [0, 1] as const) {
        const found: Recency[] = [];
        for (let next = lists[at].first; next !== null; next = next.after) found.push(next);
        assertEquals(
          found.map((it) => members.indexOf(it)),
          models[at].map((it) => members.indexOf(it)),
        );
        assertEquals(lists[at].size, models[at].length);
      }
    }
  },
});
