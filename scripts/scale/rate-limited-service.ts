import type { Clock } from "../../src/lib/time.ts";
import type { HttpResponse } from "../../src/ports.ts";

/**
 * A model of the service's rate limit (https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits):
 * 200 units in five sliding minutes for an identity. Above that, responses are delayed by up to half a minute, and contain the
 * delay; above 300 units, requests are refused with 429. The cost of a request is not published: see `unitsOfRequest`.
 */
export interface RateLimitedService {
  send(path: string): Promise<HttpResponse>;
  readonly counts: { requests: number; delayed: number; blocked: number };
  /** The most units that were used in any five minutes. */
  readonly peakUnits: () => number;
}

export interface RateLimit {
  /** The units that an identity may use in the window before its responses are delayed. */
  readonly units: number;
  readonly windowSeconds: number;
  readonly unitsPerRequest: number;
}

export const serviceLimit: RateLimit = { units: 200, windowSeconds: 300, unitsPerRequest: 0.02 };

const latencyMs = 80;

export interface SimulatedRunTimes {
  readonly startsAt: number;
  readonly endsAt: number;
}

/** @param runs when each run leaves the queue and ends, by its id. */
export function createRateLimitedService(
  clock: Clock,
  runs: ReadonlyMap<number, SimulatedRunTimes>,
  signal: AbortSignal,
  { units: limitUnits, windowSeconds, unitsPerRequest } = serviceLimit,
): RateLimitedService {
  const counts = { requests: 0, delayed: 0, blocked: 0 };
  const blockingUnits = limitUnits * 1.5;
  const usage = slidingSum(windowSeconds);
  let peak = 0;
  const send = async (path: string): Promise<HttpResponse> => {
    counts.requests += 1;
    const seconds = Math.floor(clock.now() / 1_000);
    if (usage.total(seconds) >= blockingUnits) {
      counts.blocked += 1;
      await clock.sleep(latencyMs, signal);
      return { status: 429, headers: { "retry-after": "30", "x-ratelimit-remaining": "0" }, body: "" };
    }
    usage.add(seconds, unitsPerRequest);
    const units = usage.total(seconds);
    peak = Math.max(peak, units);
    const delay =
      units <= limitUnits ? 0 : Math.min(30, ((units - limitUnits) / (blockingUnits - limitUnits)) * 30);
    await clock.sleep(latencyMs + delay * 1_000, signal);
    if (delay > 0) counts.delayed += 1;
    const headers: Record<string, string> =
      delay === 0 ? {} : { "x-ratelimit-delay": delay.toFixed(2), "retry-after": String(Math.ceil(delay)) };
    return respond(path, headers);
  };

  function respond(path: string, headers: HttpResponse["headers"]): HttpResponse {
    const id = Number(/builds\/(\d+)(?:\?|$)/.exec(path)?.[1]);
    const run = runs.get(id);
    if (run === undefined) return { status: 204, headers, body: "" };
    const now = clock.now();
    const status = now >= run.endsAt ? "completed" : now >= run.startsAt ? "inProgress" : "notStarted";
    const body = JSON.stringify({ id, status, ...(status === "completed" && { result: "succeeded" }) });
    return { status: 200, headers: { ...headers, "content-type": "application/json" }, body };
  }
  return { send, counts, peakUnits: () => peak };
}

function slidingSum(windowSeconds: number) {
  const buckets = new Map<number, number>();
  let sum = 0;
  let oldest = 0;
  return {
    add: (second: number, units: number): void => {
      buckets.set(second, (buckets.get(second) ?? 0) + units);
      sum += units;
    },
    total: (second: number): number => {
      for (; oldest <= second - windowSeconds; oldest += 1) {
        sum -= buckets.get(oldest) ?? 0;
        buckets.delete(oldest);
      }
      return sum;
    },
  };
}
