/**
 * `@std/async/abortable`: a promise that is waited for until a signal says otherwise.
 *
 * @module
 */

// @ts-types="./abortable.d.ts"
export * from "deno-std/async/abortable.js";
