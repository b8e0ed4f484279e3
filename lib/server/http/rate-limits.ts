import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { RateLimiterMemory, RateLimiterRes } from "rate-limiter-flexible";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Services } from "../context.ts";
import type { Principal } from "../principal.ts";
import { isLoopback, readAddress, senderOf } from "./request-address.ts";

/** Requests a minute. A process counts for itself and forgets when it ends: limits protect the instance, they are no books. */
const PER_MINUTE = {
  /** From one sender, whoever is behind it: a school of 300 tabs that exchange every few seconds fits. */
  address: 6000,
  account: 1200,
  device: 600,
} as const;

/** Calls that cost the instance much, or help to guess something, from one sender. */
const PER_MINUTE_OF_ENDPOINT: Readonly<Record<string, number>> = {
  createChallenge: 600,
  registerDevice: 300,
  signIn: 60,
  offerPasskey: 60,
  createPasskeyAccount: 20,
  signInWithPasskey: 60,
  addPasskey: 20,
  addWallet: 20,
  inspectInvite: 60,
  joinPool: 60,
  createJob: 120,
  createTrial: 30,
  createKey: 30,
  createLogin: 30,
  claimLogin: 120,
  getLogin: 60,
  decideLogin: 60,
  reportJob: 20,
  subscribePush: 20,
};
const PERIOD_S = 60;
/**
 * A refusal is held back for so long: whoever sends on without listening gets two answers a second on each connection, and takes no more of the process than
 * that. More than so many are not held at once, for holding them costs memory.
 */
const REFUSAL_HELD_MS = 500;
const REFUSALS_HELD_MAX = 2000;

/** How many requests of one sender, account and device a process answers; one instance lives per process. */
class RateLimits {
  readonly #factor: number;
  readonly #limiters = new Map<string, RateLimiterMemory>();
  #held = 0;

  /** `factor` multiplies every limit. */
  constructor(factor: number) {
    this.#factor = factor;
  }

  /** Counts a request of a sender; throws `rate_limited` with the seconds to wait where it is one too many. */
  async admitSender(sender: string, endpointName: string): Promise<void> {
    await this.#count("address", PER_MINUTE.address, sender);
    const ofEndpoint = PER_MINUTE_OF_ENDPOINT[endpointName];
    if (ofEndpoint !== undefined) await this.#count(endpointName, ofEndpoint, sender);
  }

  /** The same for who it turned out to be. */
  async admitPrincipal(principal: Principal): Promise<void> {
    if (principal.kind === "account") await this.#count("account", PER_MINUTE.account, principal.accountId);
    if (principal.kind === "device") await this.#count("device", PER_MINUTE.device, principal.deviceId);
  }

  async #count(name: string, perMinute: number, key: string): Promise<void> {
    const limiter = this.#limiters.get(name) ?? this.#add(name, perMinute);
    try {
      await limiter.consume(key);
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      await this.#holdBack();
      throw new ApiError("rate_limited", { seconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) });
    }
  }

  async #holdBack(): Promise<void> {
    if (this.#held >= REFUSALS_HELD_MAX) return;
    this.#held += 1;
    await sleep(REFUSAL_HELD_MS);
    this.#held -= 1;
  }

  #add(name: string, perMinute: number): RateLimiterMemory {
    const points = Math.max(1, Math.round(perMinute * this.#factor));
    const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration: PERIOD_S });
    this.#limiters.set(name, limiter);
    return limiter;
  }
}

const perServices = new WeakMap<Services["config"], RateLimits>();

function limitsOf({ config }: Services): RateLimits {
  const limits = perServices.get(config) ?? new RateLimits(config.rateLimitFactor);
  perServices.set(config, limits);
  return limits;
}

/**
 * Counts a request for its sender before anything is read of it, and returns its address. The machine itself is not counted as a sender: where no proxy
 * stands in front, only programs of the operator can come from there.
 */
export async function admitRequest(services: Services, request: Pick<Request, "headers">, endpointName: string): Promise<string | null> {
  const { proxyHops } = services.config;
  const address = readAddress(request.headers, proxyHops);
  if (address !== null && !(proxyHops === 0 && isLoopback(address))) await limitsOf(services).admitSender(senderOf(address), endpointName);
  return address;
}

/** Counts it for who sent it. */
export async function admitCaller(services: Services, principal: Principal): Promise<void> {
  await limitsOf(services).admitPrincipal(principal);
}
