/**
 * What a test needs of the world.
 *
 * @module
 */

/**
 * Has a test ignored where a permission that it needs is not granted, so that a bare `deno test`
 * passes.
 *
 * @param names the permissions
 * @returns a part of a test definition
 *
 * @example
 * ```ts ignore
 * Deno.test({ name: "…", ...(await needs("net", "read")), fn() {} });
 * ```
 */
export async function needs(...names: Deno.PermissionName[]): Promise<{ ignore: boolean }> {
  const states = await Promise.all(names.map((name) => Deno.permissions.query({ name })));
  return { ignore: states.some(({ state }) => state !== "granted") };
}
