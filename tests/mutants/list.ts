/**
 * Every mutant, room by room.
 *
 * @module
 */

import { links } from "./links.ts";
import { locations } from "./locations.ts";
import type { Mutant } from "./mutant.ts";
import { server } from "./server.ts";
import { store } from "./store.ts";

/** Every mutant. */
export const mutants: readonly Mutant[] = [...locations, ...links, ...server, ...store];
