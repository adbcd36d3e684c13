/**
 * The herd's program: understands the command line, and runs one command to its exit status.
 *
 * @module
 */

import { type CommandLine, parseCommandLine } from "./lib/cli/command_line.ts";
import { exitStatusOf } from "./lib/cli/exit_status.ts";
import { giveUpPermissions } from "./lib/cli/permissions.ts";
import { usage, usageOf } from "./lib/cli/usage.ts";
import configuration from "./deno.json" with { type: "json" };

/** How the servers of a herd are started: as the task does it. */
const program = {
  standalone: Deno.build.standalone,
  execPath: Deno.execPath(),
  mainModule: import.meta.url,
  runFlags: configuration.tasks["herd-server"].command.split(" ")
    .filter((word) => word.startsWith("--")),
};

/** What each command does, to its exit status. A command is loaded when it is run. */
const commands: {
  readonly [Name in CommandLine["command"]]: (
    line: Extract<CommandLine, { readonly command: Name }>,
  ) => Promise<number>;
} = {
  help: ({ topic }) => say((topic === undefined ? usage : usageOf(topic)).trimEnd()),
  version: () =>
    say(`herd ${configuration.version} (Deno ${Deno.version.deno}, ${Deno.build.target})`),
  async serve(line) {
    const { serve } = await import("./lib/cli/serve/serve.ts");
    await serve(line, { secrets, placesKey: await placesKey() });
    return 0;
  },
  herd: async (line) =>
    (await import("./lib/cli/supervise/herd.ts")).herd({ ...line, program, ...await system() }),
  client: async (line) =>
    (await import("./lib/cli/client/client.ts"))
      .client({ ...line, ...await system(), token: await secret("HERD_TOKEN") }),
  ping: async (line) =>
    (await import("./lib/cli/client/ping.ts")).ping({ ...line, ...await system() }),
  async check(line) {
    const { check } = await import("./lib/cli/check/check.ts");
    const { faultsOf } = await import("./lib/cli/serve/faults.ts");
    return await check(line.config, {
      faultsOf: (herd, config) => faultsOf(herd, { config, secrets, placesKey }),
    });
  },
  export: async (line) => (await import("./lib/cli/records/export_records.ts")).exportRecords(line),
  import: async (line) =>
    (await import("./lib/cli/client/import_records.ts"))
      .importRecords({ ...line, ...await system(), token: await secret("HERD_TOKEN") }),
  forget: async (line) =>
    (await import("./lib/cli/operate/forget.ts"))
      .forget({ ...line, ...await system(), secrets: await secrets() }),
  token: async (line) =>
    (await import("./lib/cli/operate/token.ts"))
      .token({ ...line, ...await system(), secrets: await secrets() }),
  init: async (line) => (await import("./lib/cli/init/init.ts")).init(line),
};

/** The network, the clock and chance, as the system has them. */
async function system() {
  const { systemClock, systemRandom } = await import("./lib/transport/system.ts");
  const { tcp } = await import("./lib/transport/tcp.ts");
  return { transport: tcp, clock: systemClock, random: systemRandom };
}

function say(text: string): Promise<number> {
  console.log(text);
  return Promise.resolve(0);
}

/** Where secrets are. */
const secretMeans = { env: (name: string) => Deno.env.get(name), warn: console.error };

const placesKey = () => secret("GOOGLE_PLACES_API_KEY");

async function secrets(): Promise<readonly string[]> {
  const { herdSecrets } = await import("./lib/cli/serve/herd_secrets.ts");
  return await herdSecrets(secretMeans);
}

async function secret(variable: string): Promise<string | undefined> {
  const { secretOf } = await import("./lib/cli/serve/secret.ts");
  return await secretOf(variable, secretMeans);
}

if (import.meta.main) {
  try {
    const line = parseCommandLine(Deno.args);
    await giveUpPermissions(line.command);
    // The table has for each command what takes its line; TypeScript cannot follow that.
    const run = commands[line.command] as (line: CommandLine) => Promise<number>;
    Deno.exit(await run(line));
  } catch (error) {
    const status = exitStatusOf(error);
    if (status === null) throw error;
    console.error((error as Error).message);
    Deno.exit(status);
  }
}
