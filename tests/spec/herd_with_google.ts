/**
 * A herd that asks the stand-in for Google.
 *
 * @module
 */

import { type HerdPlan, RunningHerd } from "../process/running_herd.ts";
import { GoogleStandIn } from "./google_stand_in.ts";

/** The key that the servers are given. The plus and the slash look different inside a URL. */
export const key = "AIza-test+key/0123456789-abcdefghijklmn";

/** Both, ended together. */
export interface HerdWithGoogle extends AsyncDisposable {
  readonly google: GoogleStandIn;
  readonly herd: RunningHerd;
}

/** Starts the stand-in, then the herd. */
export async function startWithGoogle(
  provider: "google" | "google-legacy",
  plan: HerdPlan = {},
): Promise<HerdWithGoogle> {
  const google = new GoogleStandIn();
  const endpoint = provider === "google" ? google.newUrl : google.legacyUrl;
  try {
    const herd = await RunningHerd.start({
      ...plan,
      places: { provider, endpoint, ...plan.places },
      env: { GOOGLE_PLACES_API_KEY: key, ...plan.env },
    });
    return {
      google,
      herd,
      async [Symbol.asyncDispose]() {
        await herd[Symbol.asyncDispose]();
        await google.close();
      },
    };
  } catch (error) {
    await google.close();
    throw error;
  }
}

/** What stands in an answer to WHATSAT. */
export interface WhatsatAnswer {
  /** The AT line. */
  readonly at: string;
  /** The text of the JSON. */
  readonly text: string;
  // deno-lint-ignore no-explicit-any
  readonly json: any;
}

/**
 * Takes an answer to WHATSAT apart.
 *
 * @throws {Error} when it is not an AT line, JSON, and two newlines
 */
export function whatsatAnswer(answer: string): WhatsatAnswer {
  const [, at, text] = answer.match(/^(AT [^\n]*)\n(.*)\n\n$/s) ?? [];
  if (at === undefined || text === undefined) {
    throw new Error(`no answer to WHATSAT: ${JSON.stringify(answer)}`);
  }
  return { at, text, json: JSON.parse(text) };
}
