/**
 * `token`: makes a token, which says what its bearer may do and until when.
 *
 * @module
 */

import { Grant } from "../../access/grant.ts";
import { patternTrouble } from "../../access/id_pattern.ts";
import { isTokenName, Tokens } from "../../access/tokens.ts";
import { tokenBytesMax } from "../../limits.ts";
import type { Clock, Random } from "../../transport/transport.ts";
import type { TokenLine } from "../command_line.ts";
import { UsageError } from "../usage.ts";

/** What {@linkcode token} needs. */
export interface TokenOptions extends TokenLine {
  /** The herd's secrets: the first signs. */
  readonly secrets: readonly string[];
  readonly clock: Clock;
  readonly random: Random;
  /** Where the token goes, and to `error` what people want to know of it; the console by default. */
  readonly print?: Pick<Console, "log" | "error">;
}

/** Days that a token counts where nothing is said. */
const usualDays = "30";

const daySeconds = 86_400;

/**
 * Prints a token; what it allows, its end and its `jti` go to standard error.
 *
 * @returns the exit status 0
 * @throws {UsageError} when what is wanted cannot be, or there is no secret to sign with
 */
export async function token(options: TokenOptions): Promise<number> {
  const { name, secrets, clock, random, print = console } = options;
  if (name === undefined || !isTokenName(name)) {
    throw new UsageError(
      "token takes the name of whoever gets it: a word of at most 64 printable ASCII characters",
    );
  }
  if (secrets.length === 0) {
    throw new UsageError("a token is signed with the herd's secret: HERD_SECRET is not set");
  }
  const grant = grantOf(options);
  const now = { seconds: 0, nanoseconds: 0 };
  clock.now(now);
  const endS = now.seconds + secondsOf(options.days ?? usualDays);
  const tokens = await Tokens.of({ secrets, revoked: [], clock, random });
  const { token, jti } = await tokens.issue({ name, grant, endS });
  if (token.length > tokenBytesMax) {
    throw new UsageError(
      `a token of ${token.length} bytes is too long: it may have ${tokenBytesMax}, so use prefixes`,
    );
  }
  print.log(token);
  print.error(`${name} may ${rightsText(grant)} until ${dateText(endS)}; revoke it by ${jti}`);
  return 0;
}

function grantOf({ report, read, places, monitor, admin }: TokenLine): Grant {
  for (const [flag, ids] of [["report", report], ["read", read]] as const) {
    const trouble = patternTrouble(ids);
    if (trouble !== null) throw new UsageError(`--${flag}: ${trouble}`);
  }
  const grant = Grant.of({
    ...(report.length > 0 ? { report } : {}),
    ...(read.length > 0 ? { read } : {}),
    ...(places ? { places } : {}),
    ...(monitor ? { monitor } : {}),
    ...(admin ? { admin } : {}),
  })!;
  if (Object.keys(grant.claim).length > 0) return grant;
  throw new UsageError(
    "a token without a right is of no use: give --report, --read, --places, --monitor or --admin",
  );
}

function secondsOf(days: string): number {
  const seconds = /^\d{1,5}(\.\d{1,3})?$/.test(days) ? Math.round(Number(days) * daySeconds) : 0;
  if (seconds > 0) return seconds;
  throw new UsageError(
    `--days ${JSON.stringify(days)} should be a number of days, as in --days 30`,
  );
}

function rightsText({ claim, admin }: Grant): string {
  if (admin) return "do everything";
  const parts = [
    ...(claim.report ? [`report ${claim.report.join(" ")}`] : []),
    ...(claim.read ? [`read ${claim.read.join(" ")}`] : []),
    ...(claim.places ? ["ask about places near those"] : []),
    ...(claim.monitor ? ["watch the herd"] : []),
  ];
  return parts.join(", ");
}

function dateText(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
