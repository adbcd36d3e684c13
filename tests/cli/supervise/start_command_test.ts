import { assertEquals } from "@std/assert";
import { serveArgs } from "../../../lib/cli/supervise/herd.ts";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { startCommand } from "../../../lib/cli/supervise/start_command.ts";

const program = {
  execPath: "/bin/p",
  mainModule: "file:///main.ts",
  runFlags: ["--allow-net", "--allow-read"],
};

Deno.test({
  name: "startCommand() runs main.ts with its permissions from source, else only the executable",
  permissions: "none",
  fn() {
    assertEquals(startCommand({ ...program, standalone: false }, ["serve", "A"]), {
      command: "/bin/p",
      args: ["run", "--allow-net", "--allow-read", "file:///main.ts", "serve", "A"],
    });
    assertEquals(startCommand({ ...program, standalone: true }, ["serve", "A"]), {
      command: "/bin/p",
      args: ["serve", "A"],
    });
  },
});

Deno.test({
  name: "serveArgs() are understood as the same options, whatever the server's name",
  permissions: "none",
  fn() {
    for (const name of ["Clark", "herd", "--help", "a=b"]) {
      for (const insecureLinks of [true, false]) {
        for (const config of ["-c.json", undefined]) {
          const options = { config, logDir: "l o g s", dataDir: "d", insecureLinks };
          const args = serveArgs(name, options);
          assertEquals(parseCommandLine(args), {
            ...{ command: "serve", name, bare: false, bind: undefined, supervised: true },
            ...options,
          });
        }
      }
    }
  },
});
