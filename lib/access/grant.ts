/**
 * What the bearer of a token may do.
 *
 * @module
 */

import * as z from "zod/mini";
import type { Span } from "../protocol/ascii.ts";
import { IdPatterns, patternTrouble } from "./id_pattern.ts";

const ids = z.optional(
  z.array(z.string()).check(z.refine((texts) => patternTrouble(texts) === null)),
);
const right = z.optional(z.boolean());

/**
 * The claim `herd` of a token. A right that this version does not know makes it no claim: what it was
 * meant to allow or restrict cannot be told.
 */
const claimSchema = z.strictObject({
  report: ids,
  read: ids,
  places: right,
  monitor: right,
  admin: right,
});

/** The claim `herd` of a token, as JSON. */
export interface GrantClaim {
  /** IDs that may be reported, exact or a prefix with `*`. */
  readonly report?: readonly string[] | undefined;
  /** IDs that may be read. */
  readonly read?: readonly string[] | undefined;
  /** Whether places near those may be asked for. */
  readonly places?: boolean | undefined;
  /** Whether the herd's own state may be seen. */
  readonly monitor?: boolean | undefined;
  /** Whether everything is allowed. */
  readonly admin?: boolean | undefined;
}

const nobody = new IdPatterns([]);
const everybody = new IdPatterns(["*"]);

/**
 * Rights, as they are asked for.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * const grant = Grant.of({ report: ["family/jane"], read: ["family/*"] })!;
 * assert(grant.report.includes("family/jane"));
 * assertFalse(grant.report.includes("family/jim") || grant.places);
 * ```
 */
export class Grant {
  /** Everything. */
  static readonly all: Grant = new Grant({ admin: true });

  readonly claim: GrantClaim;
  /** IDs that may be reported. */
  readonly report: IdPatterns;
  /** IDs that may be read. */
  readonly read: IdPatterns;
  readonly places: boolean;
  readonly monitor: boolean;
  readonly admin: boolean;

  private constructor(claim: GrantClaim) {
    this.claim = claim;
    this.admin = claim.admin === true;
    this.report = this.admin ? everybody : claim.report ? new IdPatterns(claim.report) : nobody;
    this.read = this.admin ? everybody : claim.read ? new IdPatterns(claim.read) : nobody;
    this.places = this.admin || claim.places === true;
    this.monitor = this.admin || claim.monitor === true;
  }

  /**
   * @param claim anything
   * @returns the rights, or null when the claim is none of this version's
   */
  static of(claim: unknown): Grant | null {
    const parsed = claimSchema.safeParse(claim);
    return parsed.success ? new Grant(parsed.data) : null;
  }

  /** @returns whether a report for this ID is allowed */
  mayReport(id: Span): boolean {
    return this.admin || this.report.has(id);
  }

  /** @returns whether the location of this ID may be told */
  mayRead(id: Span): boolean {
    return this.admin || this.read.has(id);
  }

  /** @returns whether all that another grant allows is allowed by this one, too */
  covers(other: Grant): boolean {
    if (this.admin) return true;
    return !other.admin && this.report.covers(other.report) && this.read.covers(other.read) &&
      (this.places || !other.places) && (this.monitor || !other.monitor);
  }
}
