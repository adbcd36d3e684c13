/**
 * Reads herd.json, the certificates and the secrets again while the server runs (SIGHUP). Either
 * everything in them is applied, or nothing.
 *
 * @module
 */

import type { Tokens } from "../../access/tokens.ts";
import type { Members } from "../../links/links_context.ts";
import type { EventLog } from "../../log/event_log.ts";
import type { LogFile } from "../../log/log_file.ts";
import { HerdFileError } from "../../topology/herd_file.ts";
import type { TlsOptions } from "../../transport/tls.ts";
import type { Transport } from "../../transport/transport.ts";
import type { Prover } from "../../links/proof.ts";
import { herdProver } from "../herd_prover.ts";
import { checkSecret } from "./check_secret.ts";
import { type FoundConfig, readConfig } from "../find_config.ts";
import { changesOf, type Configuration, refusals } from "./herd_changes.ts";
import { membersOf } from "./members.ts";
import { readTlsFiles } from "./tls_files.ts";
import { UsageError } from "../usage.ts";

/** What a {@linkcode Reload} works with. */
export interface ReloadOptions {
  /** The server's name. */
  readonly name: string;
  /** Where herd.json is. */
  readonly config: FoundConfig;
  /** Whether links from other machines are accepted without a secret. */
  readonly insecureLinks: boolean;
  /** What the server was started with. */
  readonly running: Configuration;
  /** Reads the herd's secrets. */
  readonly secrets: () => Promise<readonly string[]>;
  readonly links: { change(members: Members): void; trust(prover: Prover): void };
  /** Checks clients' tokens, where they need them. */
  readonly tokens: Pick<Tokens, "renew"> | null;
  readonly tls: Transport & { renew(options: TlsOptions): Promise<void> };
  readonly events: EventLog;
  /** Opens the log anew where it was moved. */
  readonly log: Pick<LogFile, "reopen">;
  /** Where people see the result. */
  readonly print: Pick<Console, "log" | "error">;
}

/** Reads herd.json again whenever it is asked to. */
export class Reload {
  readonly #options: ReloadOptions;
  #running: Configuration;
  #isAsked = false;
  #isReading = false;

  constructor(options: ReloadOptions) {
    this.#options = options;
    this.#running = options.running;
  }

  /** Reads it now, or once more when that is under way. Never rejects. */
  async request(): Promise<void> {
    this.#options.log.reopen();
    this.#isAsked = true;
    if (this.#isReading) return;
    this.#isReading = true;
    while (this.#isAsked) {
      this.#isAsked = false;
      await this.#readAgain();
    }
    this.#isReading = false;
  }

  async #readAgain(): Promise<void> {
    const { name, config, events, print } = this.#options;
    try {
      const changes = await this.#apply();
      const text = `${name} has read ${config.name} again: ${changes.join(", ") || "no changes"}`;
      events.info(text);
      print.log(text);
    } catch (error) {
      for (
        const line of [...linesOf(error), `${config.name} was not applied; nothing has changed`]
      ) {
        events.error(line);
        print.error(line);
      }
    }
  }

  /** @returns what has changed, in words */
  async #apply(): Promise<string[]> {
    const { name, config, insecureLinks, links, tokens, tls, events, print } = this.#options;
    const herd = await readConfig(config);
    const before = this.#running;
    const refused = refusals(before.herd, herd, { name, config: config.name });
    if (refused.length > 0) throw new HerdFileError(refused);
    const secrets = await this.#options.secrets();
    checkSecret(herd, { insecureLinks, hasSecret: secrets.length > 0, config: config.name });
    const files = await readTlsFiles(herd, { name, config });
    const prover = await herdProver(secrets);
    // From here on the files are known to be good.
    await tls.renew(files);
    links.trust(prover);
    await tokens?.renew({ secrets, revoked: herd.revoked });
    links.change(membersOf(herd, { name, tls }));
    this.#running = { herd, files, secrets };
    for (const warning of files.warnings) {
      events.warn(warning);
      print.error(warning);
    }
    return changesOf(before, this.#running, name);
  }
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof HerdFileError) return error.errors;
  if (error instanceof UsageError) return [error.message];
  return [error instanceof Error ? error.message : String(error)];
}
