// The assignment on the herd of five: who talks with whom, what gets where, and what a dead server
// changes.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chapter } from "../process/chapter.ts";
import { RunningHerd, theFive } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";

const says = chapter("Five servers are a herd", () => RunningHerd.start());

says(
  "\"Your prototype should consist of five servers (with server IDs 'Bailey', 'Bona', " +
    "'Campbell', 'Clark', 'Jaquez')\"",
  async (herd) => {
    assertEquals(herd.names, ["Bailey", "Bona", "Campbell", "Clark", "Jaquez"]);
    for (const name of herd.names) {
      assertMatch(await herd.report(name, `five.${name}`), new RegExp(`^AT ${name} `));
    }
  },
);

const pattern = {
  '"Clark talks with Jaquez and Bona"': ["Clark", ["Bona", "Jaquez"]],
  '"Campbell talks with everyone else but Clark"': ["Campbell", ["Bailey", "Bona", "Jaquez"]],
  '"Bona talks with Bailey"': ["Bona", ["Bailey", "Campbell", "Clark"]],
  "Bailey talks with who talks with Bailey": ["Bailey", ["Bona", "Campbell"]],
  "Jaquez talks with who talks with Jaquez": ["Jaquez", ["Campbell", "Clark"]],
} as const;

for (const [sentence, [server, others]] of Object.entries(pattern)) {
  says(`${sentence}, "bidirectionally", and with nobody else`, async (herd) => {
    for (const direction of ["to", "from"]) {
      const linked = await until(() => {
        const found = herd.log(server).matchAll(new RegExp(`link ${direction} (\\w+) made`, "g"));
        const names = [...new Set([...found].map(([, name]) => name!))].sort();
        return names.length >= others.length && names;
      }, `${server}'s links ${direction} ${others}`);
      assertEquals(linked, [...others]);
    }
  });
}

says(
  '"Each server should accept TCP connections from clients": many at once',
  async (herd) => {
    await Promise.all(theFive.map(async (name) => {
      const clients = await Promise.all(Array.from({ length: 50 }, () => herd.connect(name)));
      const answers = await Promise.all(clients.map((client, index) => client.say(`hi ${index}`)));
      for (const client of clients) client[Symbol.dispose]();
      assertEquals(answers, clients.map((_, index) => `? hi ${index}`));
    }));
  },
);

says(
  "\"if a user's cell phone posts its GPS location to any one of the application servers then the " +
    'other servers will learn of the location"',
  async (herd) => {
    for (const name of theFive) {
      const line = await herd.report(name, `phone.${name}`);
      await Promise.all(theFive.map((other) => herd.learns(other, `phone.${name}`, line)));
    }
  },
);

says("The newest report counts, whichever server it was made to", async (herd) => {
  for (const name of [...theFive, ...theFive]) {
    const line = await herd.report(name, "roamer", "+10.5-020.25");
    await Promise.all(theFive.map((other) => herd.learns(other, "roamer", line)));
  }
});

says("Equal times at different servers settle the same way everywhere", async (herd) => {
  const ids = Array.from({ length: 20 }, (_, index) => `tie.${index}`);
  await Promise.all(
    ids.flatMap((id) =>
      theFive.map((name, index) => herd.ask(name, `IAMAT ${id} +${index}-${index} 1621464827.5\n`))
    ),
  );
  for (const id of ids) {
    await until(async () => {
      const records = await Promise.all(theFive.map((name) => herd.record(name, id)));
      return new Set(records).size === 1 && records[0] !== null;
    }, `all agree on ${id}`);
  }
});

says(
  '"The relationship is bidirectional. If Clark talks to Jaquez, Jaquez also talks to Clark"',
  async (herd) => {
    const others = theFive.filter((name) => name !== "Clark" && name !== "Jaquez");
    await Promise.all(others.map((name) => herd.kill(name)));
    const there = await herd.report("Clark", "there");
    await herd.learns("Jaquez", "there", there);
    const back = await herd.report("Jaquez", "back");
    await herd.learns("Clark", "back", back);
  },
);

says(
  '"Servers should continue to operate if their neighboring servers go down"',
  async (herd) => {
    // Bailey, Bona and Campbell are down.
    await herd.kill("Jaquez");
    for (let times = 0; times < 20; times++) {
      const line = await herd.report("Clark", "lonely");
      assertEquals(await herd.record("Clark", "lonely"), line);
    }
    await herd.logged("Clark", /link to Jaquez lost/);
    await herd.logged("Clark", /link to Bona lost/);
  },
);

says(
  '"When a server goes down and comes back up, the herd should talk to it as usual"',
  async (herd) => {
    for (const name of theFive.filter((name) => name !== "Clark")) {
      await herd.start(name);
      const up = new Set(theFive.filter((other) => herd.program(other).ending === null));
      await herd.connected(up);
    }
  },
);

says("A server that was away knows within seconds what it missed", async (herd) => {
  await Promise.all(["Bona", "Campbell", "Jaquez"].map((name) => herd.kill(name)));
  const line = await herd.report("Clark", "missed");
  const other = await herd.report("Bailey", "missed.too");
  await Promise.all(["Bona", "Campbell", "Jaquez"].map((name) => herd.start(name)));
  await Promise.all(theFive.map((name) => herd.learns(name, "missed", line)));
  await Promise.all(theFive.map((name) => herd.learns(name, "missed.too", other)));
});

says("No server has complained of anything but its neighbours", (herd) => {
  for (const name of theFive) {
    assertEquals(herd.program(name).errors, "");
    assert(!/ ERROR /.test(herd.log(name)), name);
  }
});
