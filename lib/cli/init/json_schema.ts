/**
 * A JSON Schema of herd.json: it lets editors complete keys, show what they mean, and mark mistakes.
 *
 * @module
 */

import * as z from "zod/mini";
import { herdSchema } from "../../topology/herd_schema.ts";

/** What the keys mean, by their path; servers have any name. */
const descriptions: Readonly<Record<string, string>> = {
  servers: "The servers, by name.",
  "servers.NAME.host": "Where others dial the server: a host name or an IP address.",
  "servers.NAME.port": "The port at which others dial the server.",
  "servers.NAME.bind": "The address it listens on, if that is not the host.",
  "servers.NAME.tls": "It also listens with TLS, on a port of its own.",
  "servers.NAME.tls.cert": "The certificate's file, in PEM; a path relative to this file.",
  "servers.NAME.tls.key": "The private key's file, in PEM; a path relative to this file.",
  "servers.NAME.tls.port": "The port for TLS.",
  links: "Pairs of names: records travel both ways.",
  ca: "The file of the authority that signs the servers' certificates: links dial TLS.",
  places: "Where places come from.",
  "places.provider": "By default google if there is a key in the environment, else gazetteer.",
  "places.endpoint": "Replaces the provider's whole URL.",
  "places.file": "Other data for the gazetteer: GeoJSON points, or a GeoNames dump.",
  "places.perMinute": "Calls to Google that each server may make in any minute.",
  "places.perDay": "Calls to Google that each server may make in any 24 hours.",
  durable: "Keep records on disk: true within 100 ms of the answer, sync before it.",
  forgetAfter: "Records whose time is older are dropped, such as P30D; an ISO 8601 duration.",
  maxClockAheadS: "A report whose time is further in the future, in seconds, is refused.",
  acceptLinks1: "For the time of an upgrade: neighbours may link as version 1 does.",
  clients: "Who may report and ask: anybody (open), or whoever shows a token.",
  revoked: "The jti of tokens that are no longer taken.",
  limits: "Bounds of each server.",
  "limits.connections": "Connections open at once.",
  "limits.silentS": "A connection that has said no command is dropped after so many seconds.",
  "limits.idleS": "One that has said one, and none since, is dropped after so many seconds.",
  "limits.maxClients": "Clients that a server knows.",
};

/** What Google's and others' editors take for a comment is one here. */
const comment = { description: "A comment." };

/** A part of a schema. */
interface Part extends Record<string, unknown> {
  properties?: Record<string, Part>;
  additionalProperties?: Part | boolean;
}

/** @returns the schema, as text */
export function jsonSchema(): string {
  const schema = z.toJSONSchema(herdSchema) as unknown as Part;
  describe(schema, "");
  const { $schema, ...rest } = schema;
  return JSON.stringify({ $schema, title: "herd.json", ...rest }, null, 2) + "\n";
}

/** Puts in what zod does not know: what keys mean, and comments. */
function describe(part: Part, path: string): void {
  const description = descriptions[path];
  if (description !== undefined) part["description"] = description;
  const below = (key: string) => path === "" ? key : `${path}.${key}`;
  for (const [key, value] of Object.entries(part.properties ?? {})) describe(value, below(key));
  const { additionalProperties: any } = part;
  if (typeof any === "object") describe(any, below("NAME"));
  if (part["type"] === "object") part.properties = { "//": comment, ...part.properties };
}
