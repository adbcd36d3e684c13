/**
 * A whole herd in containers.
 *
 * @module
 */

import { parseHerdFile } from "../../topology/herd_file.ts";
import { imageDirectories, imageUser } from "./dockerfile.ts";
import { UsageError } from "../usage.ts";

/** What Compose lets a service be called. */
const serviceName = /^[a-zA-Z0-9][a-zA-Z0-9._-]*$/;

const head =
  `# A herd in containers, each server reached on this machine at its port. Beside this file:
#
#   herd-server       the executable for Linux
#   Dockerfile        herd-server init docker > Dockerfile
#   .env              (umask 077; echo "HERD_SECRET=$(openssl rand -hex 32)" > .env)
#
# Needs Compose 2.23.1 or later, for the configuration at the end. A file that it names (places.file, tls,
# ca) needs a volume of its own.
`;

/** One server in its container. */
interface Service {
  /** What Compose calls it, and the other containers. */
  readonly service: string;
  readonly name: string;
  /** Where it is reached: the port of the protocol, and of TLS where it has one. */
  readonly ports: readonly number[];
}

/**
 * Makes a compose.yaml with a service for every server, and with the herd's configuration, in which
 * each is reached by the name of its service.
 *
 * @param text what herd.json holds
 * @param fileName what error messages call the file
 * @throws {HerdFileError} with everything that is wrong in the text
 * @throws {UsageError} when a server's name cannot be a service's
 */
export function composeFile(text: string, fileName: string): string {
  const { servers } = parseHerdFile(text, fileName);
  const services = [...servers.values()].map(({ name, port, tls }) => ({
    service: name.toLowerCase(),
    name,
    ports: tls === undefined ? [port] : [port, tls.port],
  }));
  checkNames(services, fileName);
  return [
    head,
    "x-server: &server",
    "  build: .",
    "  image: herd-server",
    "  init: true",
    "  restart: unless-stopped",
    "  stop_grace_period: 10s",
    "  cap_drop: [ALL]",
    '  security_opt: ["no-new-privileges:true"]',
    "  configs: [{ source: herd, target: /etc/herd/herd.json }]",
    "  secrets:",
    `    - { source: herd_secret, uid: "${imageUser}", gid: "${imageUser}", mode: 0400 }`,
    "  volumes:",
    `    - "data:${imageDirectories.data}"`,
    `    - "logs:${imageDirectories.logs}"`,
    "",
    "services:",
    ...services.flatMap(serviceLines),
    "",
    "volumes:",
    "  data: {}",
    "  logs: {}",
    "",
    "secrets:",
    "  herd_secret: { environment: HERD_SECRET }",
    "",
    "configs:",
    "  herd:",
    "    content: |",
    ...herdText(text, services).split("\n").map((line) => `      ${line}`),
    "",
  ].join("\n");
}

/** A service has its server's name in lower case, since host names ignore case. */
function checkNames(services: readonly Service[], fileName: string): void {
  const taken = new Set<string>();
  for (const { service, name } of services) {
    const where = `${fileName}: servers[${JSON.stringify(name)}]:`;
    if (!serviceName.test(service)) {
      throw new UsageError(`${where} Compose wants ASCII letters, digits, ".", "_" and "-" only`);
    }
    if (taken.has(service)) {
      throw new UsageError(`${where} Compose wants names that differ in more than case`);
    }
    taken.add(service);
  }
}

function serviceLines({ service, name, ports }: Service): string[] {
  const published = ports.map((port) => JSON.stringify(`127.0.0.1:${port}:${port}`));
  return [
    `  ${JSON.stringify(service)}:`,
    "    <<: *server",
    `    environment: { SERVER: ${
      JSON.stringify(name)
    }, HERD_SECRET_FILE: /run/secrets/herd_secret }`,
    `    ports: [${published.join(", ")}]`,
  ];
}

/** The herd.json of the containers: all as it is, but for where servers are. */
function herdText(text: string, services: readonly Service[]): string {
  const herd = JSON.parse(withoutMark(text));
  for (const { service, name } of services) {
    Object.assign(herd.servers[name], { host: service, bind: "0.0.0.0" });
  }
  // Compose replaces what follows a single dollar sign.
  return JSON.stringify(herd, null, 2).replaceAll("$", "$$$$");
}

/** @returns the text without a byte order mark */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, "");
}
