/**
 * `@std/async/deadline`: a promise that may take only so long.
 *
 * @module
 */

// @ts-types="./deadline.d.ts"
export * from "deno-std/async/deadline.js";
