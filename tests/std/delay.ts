/**
 * `@std/async/delay`: a promise that is kept later.
 *
 * @module
 */

// @ts-types="./delay.d.ts"
export * from "deno-std/async/delay.js";
