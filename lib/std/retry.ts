/**
 * `@std/async/retry`: try again, with growing waits.
 *
 * @module
 */

// @ts-types="./retry.d.ts"
export * from "deno-std/async/retry.js";
