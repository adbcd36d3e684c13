/**
 * A herd of real servers with certificates, whose herd.json can be changed while they run.
 *
 * @module
 */

import { pathOf } from "../tls/files.ts";
import { Client } from "./client.ts";
import { freePorts, type HerdPlan, RunningHerd } from "./running_herd.ts";
import { until } from "./waiting.ts";

/** herd.json, as far as these tests change it. */
export interface HerdJson {
  servers: Record<string, Record<string, unknown>>;
  links: (readonly [string, string])[];
  ca?: string;
  [key: string]: unknown;
}

/** A herd in which every server has a certificate, and links dial TLS. */
export class TlsHerd implements AsyncDisposable {
  readonly herd: RunningHerd;
  readonly #ports: ReadonlyMap<string, number>;

  /** Writes the configuration and the certificates; nothing is started. */
  constructor(plan: HerdPlan) {
    this.herd = new RunningHerd(plan);
    const ports = freePorts(this.herd.names.length);
    this.#ports = new Map(this.herd.names.map((name, index) => [name, ports[index]!]));
    for (const name of this.herd.names) this.certify(name, "server");
    Deno.copyFileSync(pathOf("ca.pem"), `${this.herd.directory}/ca.pem`);
    this.change((herd) => {
      herd.ca = "ca.pem";
      for (const [name, entry] of Object.entries(herd.servers)) entry.tls = this.entry(name);
    });
  }

  /** Starts all servers, and waits until news gets from each to every other. */
  async start(names = this.herd.names): Promise<void> {
    await Promise.all(names.map((name) => this.herd.start(name)));
    await this.herd.connected(new Set(names));
  }

  /** A server's TLS port. */
  port(name: string): number {
    return this.#ports.get(name)!;
  }

  /** What herd.json says of a server's TLS. */
  entry(name: string): Record<string, unknown> {
    return { cert: `${name}.pem`, key: `${name}.key`, port: this.port(name) };
  }

  /** Gives a server one of the tests' certificates. */
  certify(name: string, certificate: string): void {
    const { directory } = this.herd;
    Deno.copyFileSync(pathOf(`${certificate}.pem`), `${directory}/${name}.pem`);
    Deno.copyFileSync(pathOf(`${certificate}.key`), `${directory}/${name}.key`);
    if (Deno.build.os !== "windows") Deno.chmodSync(`${directory}/${name}.key`, 0o600);
  }

  /** Changes herd.json. */
  change(edit: (herd: HerdJson) => void): void {
    const herd: HerdJson = JSON.parse(Deno.readTextFileSync(this.herd.config));
    edit(herd);
    Deno.writeTextFileSync(this.herd.config, JSON.stringify(herd, null, 2));
  }

  /**
   * Has a server read herd.json again, and waits for what comes of it.
   *
   * @returns what it printed about that
   */
  async reload(name: string): Promise<string> {
    const program = this.herd.program(name);
    const { output, errors } = program;
    const isDone = /has read \S+ again: .*\n|nothing has changed\n/;
    program.signal("SIGHUP");
    return await until(() => {
      const printed = program.errors.slice(errors.length) + program.output.slice(output.length);
      return isDone.test(printed) ? printed : null;
    }, `${name} reads herd.json again`);
  }

  /** Talks to a server over TLS. */
  connect(name: string, ca: string): Promise<Client> {
    return Client.secure(this.port(name), ca);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.herd[Symbol.asyncDispose]();
  }
}
