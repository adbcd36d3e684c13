/**
 * A herd.json to begin with.
 *
 * @module
 */

/** Three servers on this machine. Its comments, which are keys "//", say what can be changed. */
export const firstHerd = `{
  "$schema": "./herd.schema.json",
  "//": [
    "Three servers on this machine. A key // is a comment, wherever it stands.",
    "herd-server check tells what is wrong in this file; herd-server herd starts all servers, and",
    "herd-server client talks to them. Editors know this file from what herd-server init schema",
    "prints, in herd.schema.json beside it."
  ],
  "servers": {
    "//": [
      "By name: the host and the port at which clients and the other servers reach each. On several",
      "machines, every machine has this same file, and HERD_SECRET in the environment of each server.",
      "bind is the address to listen on where that is not the host, such as 0.0.0.0."
    ],
    "Ann": { "host": "127.0.0.1", "port": 12101 },
    "Bob": { "host": "127.0.0.1", "port": 12102 },
    "Cleo": { "host": "127.0.0.1", "port": 12103 }
  },
  "links": [
    ["Ann", "Bob"],
    ["Bob", "Cleo"],
    ["Cleo", "Ann"]
  ],
  "places": {
    "//": [
      "Where answers to WHATSAT come from: google takes GOOGLE_PLACES_API_KEY from the environment;",
      "gazetteer needs nothing, and knows the world's capitals and landmarks, or what its file holds."
    ],
    "provider": "gazetteer"
  },
  "durable": true,
  "forgetAfter": "P30D"
}
`;
