/**
 * The herd's program: understands the command line, and runs one command to its exit status.
 *
 * @module
 */

import { parseCommandLine } from "./lib/cli/command_line.ts";
import { exitStatusOf } from "./lib/cli/exit_status.ts";
import { giveUpPermissions } from "./lib/cli/permissions.ts";
import { usage, usageOf } from "./lib/cli/usage.ts";
import configuration from "./deno.json" with { type: "json" };

/** How `herd` starts its servers: as the task does. */
const program = {
  standalone: Deno.build.standalone,
  execPath: Deno.execPath(),
  mainModule: import.meta.url,
  runFlags: flagsOf(configuration.tasks["herd-server"].command),
};

async function run(args: string[]): Promise<number> {
  const line = parseCommandLine(args);
  await giveUpPermissions(line.command);
  switch (line.command) {
    case "help":
      console.log((line.topic === undefined ? usage : usageOf(line.topic)).trimEnd());
      return 0;
    case "version":
      console.log(
        `herd ${configuration.version} (Deno ${Deno.version.deno}, ${Deno.build.target})`,
      );
      return 0;
    case "serve": {
      const { serve } = await import("./lib/cli/serve/serve.ts");
      await serve(line, { secrets, placesKey: await placesKey() });
      return 0;
    }
    case "init":
      return await (await import("./lib/cli/init/init.ts")).init(line);
    case "check": {
      const { check } = await import("./lib/cli/check/check.ts");
      const { faultsOf } = await import("./lib/cli/serve/faults.ts");
      return await check(line.config, {
        faultsOf: (herd, config) => faultsOf(herd, { config, secrets, placesKey }),
      });
    }
    case "export":
      return await (await import("./lib/cli/records/export_records.ts")).exportRecords(line);
    case "import": {
      const { importRecords } = await import("./lib/cli/client/import_records.ts");
      return await importRecords({
        ...line,
        ...await network(),
        token: await secret("HERD_TOKEN"),
      });
    }
    case "forget": {
      const { forget } = await import("./lib/cli/operate/forget.ts");
      return await forget({ ...line, ...await network(), secrets: await secrets() });
    }
    case "token": {
      const { token } = await import("./lib/cli/operate/token.ts");
      return await token({ ...line, ...await network(), secrets: await secrets() });
    }
    case "herd": {
      const { herd } = await import("./lib/cli/supervise/herd.ts");
      const { systemClock, systemRandom } = await import("./lib/transport/system.ts");
      return await herd({ ...line, program, clock: systemClock, random: systemRandom });
    }
    case "ping": {
      const { ping } = await import("./lib/cli/client/ping.ts");
      return await ping({ ...line, ...await network() });
    }
    case "client": {
      const { client } = await import("./lib/cli/client/client.ts");
      return await client({ ...line, ...await network(), token: await secret("HERD_TOKEN") });
    }
  }
}

/** What a client dials with. */
async function network() {
  const { systemClock, systemRandom } = await import("./lib/transport/system.ts");
  const { tcp } = await import("./lib/transport/tcp.ts");
  return { transport: tcp, clock: systemClock, random: systemRandom };
}

function flagsOf(command: string): string[] {
  return command.split(" ").filter((word) => word.startsWith("--"));
}

/** Where secrets are. */
const secretMeans = { env: (name: string) => Deno.env.get(name), warn: console.error };

async function secrets(): Promise<readonly string[]> {
  const { herdSecrets } = await import("./lib/cli/serve/herd_secrets.ts");
  return await herdSecrets(secretMeans);
}

const placesKey = () => secret("GOOGLE_PLACES_API_KEY");

async function secret(variable: string): Promise<string | undefined> {
  const { secretOf } = await import("./lib/cli/serve/secret.ts");
  return await secretOf(variable, secretMeans);
}

if (import.meta.main) {
  try {
    Deno.exit(await run(Deno.args));
  } catch (error) {
    const status = exitStatusOf(error);
    if (status === null) throw error;
    console.error((error as Error).message);
    Deno.exit(status);
  }
}
