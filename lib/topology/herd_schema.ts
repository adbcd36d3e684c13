/**
 * The shape of herd.json. A message says what would be right; `herd_file.ts` makes a line of it.
 *
 * @module
 */

import * as z from "zod/mini";
import { clientsMaxMax, connectionsMax, placesBudgetMax, quietSecondsMax } from "../limits.ts";
import { durationSeconds, durationWanted } from "./duration.ts";
import { nameHint } from "./nearest_name.ts";

/** The messages of an object's unknown keys, one for each, stand in one with this between. */
export const keySeparator = "\n";

/** An object that has no other keys than these; a misspelled one gets a hint. */
function exactly<Shape extends z.core.$ZodShape>(shape: Shape, what: string) {
  return z.strictObject(shape, {
    error(issue) {
      if (issue.code !== "unrecognized_keys") return what;
      return issue.keys.map((key) => nameHint(key, Object.keys(shape))).join(keySeparator);
    },
  });
}

/** ASCII letters, digits, dots and hyphens, or an IPv6 address, which has two colons at least. */
const hostForm = /^(?:[\w.-]{1,253}|(?=.*:.*:)[\da-fA-F:.]{2,45}(?:%[\w.-]+)?)$/;

const host = z.string("a host name or an IP address").check(
  z.regex(hostForm, "a host name or an IP address, without a port"),
);

const portRange = "a whole number from 1 to 65535";
const port = z.int(portRange).check(z.gte(1, portRange), z.lte(65535, portRange));

const file = z.string("a file name").check(z.minLength(1, "a file name"));

const tls = exactly({ cert: file, key: file, port }, 'an object with "cert", "key", "port"');

const server = exactly(
  { host, port, bind: z.exactOptional(host), tls: z.exactOptional(tls) },
  'an object with "host", "port"',
);

const pair = "a pair of server names";
const link = z.tuple([z.string("a server name"), z.string("a server name")], pair);

const provider = z.enum(
  ["google", "google-legacy", "gazetteer"],
  '"google", "google-legacy" or "gazetteer"',
);

const endpoint = z.string("an http or https URL").check(
  z.refine((text) => /^https?:/i.test(text) && URL.canParse(text), "an http or https URL"),
);

const callCount = `a whole number of calls from 1 to ${placesBudgetMax}`;
const calls = z.int(callCount).check(z.gte(1, callCount), z.lte(placesBudgetMax, callCount));

const places = exactly({
  provider: z.exactOptional(provider),
  endpoint: z.exactOptional(endpoint),
  file: z.exactOptional(file),
  perMinute: z.exactOptional(calls),
  perDay: z.exactOptional(calls),
}, "an object");

const forgetAfter = z.string(durationWanted).check(
  z.refine((text) => durationSeconds(text) !== null, durationWanted),
);

const clockAhead = "a number of seconds, 0 or more, or null";
const maxClockAheadS = z.nullable(z.number(clockAhead).check(z.gte(0, clockAhead)));

/** A whole number from one to another. */
function wholeNumber(what: string, { from, to }: { from: number; to: number }) {
  const range = `a whole number of ${what} from ${from} to ${to}`;
  return z.int(range).check(z.gte(from, range), z.lte(to, range));
}

const quietSeconds = wholeNumber("seconds", { from: 1, to: quietSecondsMax });

const limits = exactly({
  connections: z.exactOptional(wholeNumber("connections", { from: 16, to: connectionsMax })),
  silentS: z.exactOptional(quietSeconds),
  idleS: z.exactOptional(quietSeconds),
  maxClients: z.exactOptional(wholeNumber("clients", { from: 1, to: clientsMaxMax })),
}, "an object");

const durable = z.union([z.boolean(), z.literal("sync")], 'true, false or "sync"');

const acceptLinks1 = z.boolean("true or false");

const clients = z.literal(["open", "token"], '"open" or "token"');

const revoked = z.array(z.string("the jti of a token"), "a list of the jti of tokens");

/** herd.json as one value, name by name and link by link. */
export const herdSchema = exactly({
  servers: z.record(z.string(), server, "an object of servers by name"),
  links: z.array(link, `a list, each item ${pair}`),
  ca: z.exactOptional(file),
  places: z.exactOptional(places),
  durable: z.exactOptional(durable),
  forgetAfter: z.exactOptional(forgetAfter),
  maxClockAheadS: z.exactOptional(maxClockAheadS),
  acceptLinks1: z.exactOptional(acceptLinks1),
  clients: z.exactOptional(clients),
  revoked: z.exactOptional(revoked),
  limits: z.exactOptional(limits),
}, 'an object with "servers", "links"');
