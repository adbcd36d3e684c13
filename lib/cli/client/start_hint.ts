/**
 * What somebody can do whose server does not answer.
 *
 * @module
 */

/**
 * @param names the servers that were tried
 * @param isExecutable whether the client is a compiled executable
 * @returns that none of them answers, and what starts one
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(noAnswerText(["Clark"], true), "no answer from Clark; to start it: herd-server Clark");
 * ```
 */
export function noAnswerText(
  names: readonly string[],
  isExecutable: boolean = Deno.build.standalone,
): string {
  const [only, ...others] = names;
  const from = `no answer from ${names.join(", ")}`;
  if (others.length > 0) {
    return `${from}; to start them: ${isExecutable ? "herd-server herd" : "deno task herd"}`;
  }
  return `${from}; to start it: ${isExecutable ? "herd-server" : "deno task serve"} ${only}`;
}
