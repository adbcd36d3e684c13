/**
 * A stand-in for both of Google's Nearby Search APIs, on loopback: it answers as they do, or as
 * badly as they might.
 *
 * @module
 */

import {
  type Asked,
  type Behaviour,
  legacyResponse,
  newResponse,
  type Plan,
  type Settings,
} from "./google_replies.ts";

/**
 * The stand-in. Point `places.endpoint` at {@linkcode newUrl} or {@linkcode legacyUrl}.
 *
 * @example
 * ```ts ignore
 * await using google = new GoogleStandIn();
 * google.next("500");
 * google.always("normal", { places: 7 });
 * ```
 */
export class GoogleStandIn implements AsyncDisposable {
  /** Every request that came, in order. */
  readonly asked: Asked[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #planned: Plan[] = [];
  readonly #timers = new Map<ReturnType<typeof setTimeout>, () => void>();
  readonly #silent = Promise.withResolvers<void>();
  #otherwise: Plan = { behaviour: "normal" };
  #underWay = 0;
  #mostAtOnce = 0;

  constructor() {
    this.#server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      onListen: () => {},
      onError: () => new Response("the stand-in failed", { status: 599 }),
    }, (request) => this.#serve(request));
  }

  /** The URL of Places API (New). */
  get newUrl(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/v1/places:searchNearby`;
  }

  /** The URL of Places API (Legacy). */
  get legacyUrl(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/maps/api/place/nearbysearch/json`;
  }

  /** The most requests that were ever under way together. */
  get mostAtOnce(): number {
    return this.#mostAtOnce;
  }

  /** Plans the answer to the next request that no plan is for yet. */
  next(behaviour: Behaviour, settings: Settings = {}): void {
    this.#planned.push({ behaviour, ...settings });
  }

  /** Plans the answers to all requests that {@linkcode next} has no plan for. */
  always(behaviour: Behaviour, settings: Settings = {}): void {
    this.#otherwise = { behaviour, ...settings };
  }

  /** Forgets what was asked and planned. */
  reset(): void {
    this.asked.length = 0;
    this.#planned.length = 0;
    this.#otherwise = { behaviour: "normal" };
    this.#mostAtOnce = 0;
  }

  /** Stops listening; what was to be answered late is answered now. */
  async close(): Promise<void> {
    for (const [timer, answer] of this.#timers) {
      clearTimeout(timer);
      answer();
    }
    this.#silent.resolve();
    await this.#server.shutdown();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #serve(request: Request): Promise<Response> {
    this.#underWay += 1;
    this.#mostAtOnce = Math.max(this.#mostAtOnce, this.#underWay);
    const plan = this.#planned.shift() ?? this.#otherwise;
    try {
      const asked = await record(request);
      this.asked.push(asked);
      if (plan.behaviour === "slow") await this.#wait(plan.delayMs ?? 200);
      if (plan.behaviour === "silent") await this.#silent.promise;
      return asked.api === "new" ? newResponse(plan, asked) : legacyResponse(plan, asked);
    } finally {
      this.#underWay -= 1;
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, ms);
      this.#timers.set(timer, resolve);
    });
  }
}

async function record(request: Request): Promise<Asked> {
  const url = new URL(request.url);
  const api = request.method === "POST" ? "new" : "legacy";
  const key = api === "new" ? request.headers.get("x-goog-api-key") : url.searchParams.get("key");
  return {
    api,
    method: request.method,
    url,
    headers: request.headers,
    body: await request.text(),
    key: key ?? "",
  };
}

if (import.meta.main) {
  const standIn = new GoogleStandIn();
  const [behaviour] = Deno.args;
  if (behaviour !== undefined) standIn.always(behaviour as Behaviour);
  console.log(`new    ${standIn.newUrl}\nlegacy ${standIn.legacyUrl}`);
}
