/**
 * Tests that share one herd: a chapter, and in it one step for each sentence that it holds.
 *
 * @module
 */

import { needs } from "../needs.ts";

/** What tests with processes need. What a herd has open lasts longer than one step. */
export const processes = {
  ...(await needs("net", "read", "write", "run", "env")),
  sanitizeOps: false,
  sanitizeResources: false,
};

/** Adds a step to a chapter. */
export type Says<World> = (
  sentence: string,
  check: (world: World) => void | Promise<void>,
) => void;

/**
 * Begins a chapter. Its steps run in their order, each whether or not those before it passed.
 *
 * @param name the chapter's title
 * @param open makes what its steps share; disposed of after the last
 * @param options.ignore whether the chapter is left out; when absent, if a permission is missing
 * @returns what adds a step; the sentence that it shows is its title
 */
export function chapter<World extends AsyncDisposable>(
  name: string,
  open: () => Promise<World>,
  options: { readonly ignore?: boolean } = {},
): Says<World> {
  const steps: { sentence: string; check: (world: World) => void | Promise<void> }[] = [];
  Deno.test({
    name,
    ...processes,
    ...options,
    async fn(test) {
      await using world = await open();
      for (const { sentence, check } of steps) {
        await test.step({ name: sentence, fn: async () => await check(world) });
      }
    },
  });
  return (sentence, check) => steps.push({ sentence, check });
}
