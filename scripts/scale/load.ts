import { pollLoop } from "../../src/app/wait-for-run.ts";
import type { SendRequest } from "../../src/azure-devops/api-request.ts";
import { responseError } from "../../src/azure-devops/response-error.ts";
import { decodeResponse, isSuccessful } from "../../src/azure-devops/responses.ts";
import {
  createRetryAfterRegistry,
  retryAfterPolicy,
  retryPolicy,
} from "../../src/azure-devops/retry-policy.ts";
import { createRunPoller } from "../../src/azure-devops/timeline.ts";
import {
  createRateLimitedService,
  type RateLimitedService,
  type SimulatedRunTimes,
} from "./rate-limited-service.ts";
import { createVirtualClock } from "./virtual-clock.ts";

export type PacingProfile = "adaptive" | "fixed";

/** The results of a number of simultaneous waits, in one or several groups of that size. */
export interface LoadResult {
  readonly waits: number;
  readonly profile: PacingProfile;
  /** The number of groups, of `waits` runs each. The counts below are those of all groups. */
  readonly groups: number;
  readonly requests: number;
  readonly delayed: number;
  readonly blocked: number;
  /** The most in any five minutes. */
  readonly peakUnits: number;
  /** The times from a run's end to the poll that shows it, sorted. Seconds. */
  readonly detectionDelays: readonly number[];
  readonly failed: number;
}

const minute = 60_000;

const intervalMs = 10_000;

const projectUrl = "https://dev.azure.com/contoso/web";

/** A mean of few delays depends more on the ends of the runs than on the poller. */
const minSamples = 200;

/** A number of waits with one identity, repeated until the means of two pollers can be compared. */
export async function simulateLoad(waits: number, profile: PacingProfile): Promise<LoadResult> {
  const groups: GroupResult[] = [];
  for (let samples = 0; samples < minSamples; samples += waits) {
    groups.push(await simulateGroup(waits, profile, waits + groups.length));
  }
  const sum = (count: (group: GroupResult) => number) =>
    groups.reduce((total, group) => total + count(group), 0);
  return {
    waits,
    profile,
    groups: groups.length,
    requests: sum(({ requests }) => requests),
    delayed: sum(({ delayed }) => delayed),
    blocked: sum(({ blocked }) => blocked),
    failed: sum(({ failed }) => failed),
    peakUnits: Math.max(...groups.map(({ peakUnits }) => peakUnits)),
    detectionDelays: groups.flatMap(({ detectionDelays }) => detectionDelays).sort((a, b) => a - b),
  };
}

type GroupResult = Omit<LoadResult, "waits" | "profile" | "groups">;

/** The real loop, poller and retries; only time and the service are simulated. */
async function simulateGroup(waits: number, profile: PacingProfile, seed: number): Promise<GroupResult> {
  const random = randomNumbers(seed);
  const clock = createVirtualClock();
  const { signal } = new AbortController();
  const runs = new Map<number, SimulatedRunTimes & { readonly beganAt: number }>();
  for (let id = 1; id <= waits; id += 1) {
    const beganAt = random() * minute;
    runs.set(id, {
      beganAt,
      startsAt: beganAt + random() * 2 * minute,
      endsAt: beganAt + (10 + random() * 40) * minute,
    });
  }
  const azure = createRateLimitedService(clock, runs, signal);
  const detectionDelays: number[] = [];
  let failed = 0;
  const wait = async (
    id: number,
    { beganAt, endsAt }: { beganAt: number; endsAt: number },
  ): Promise<void> => {
    await clock.sleep(beganAt, signal);
    const follow = profile === "adaptive" ? followAdaptively : followAtFixedInterval;
    try {
      await follow(azure, { clock, random, id });
      detectionDelays.push((clock.now() - endsAt) / 1_000);
    } catch {
      failed += 1;
    }
  };
  const all = Promise.all([...runs].map(([id, run]) => wait(id, run)));
  await clock.runUntilIdle();
  await all;
  return { ...azure.counts, peakUnits: azure.peakUnits(), detectionDelays, failed };
}

const endpoint = { baseUrl: projectUrl, givenInputs: new Set<string>() };

interface PollerDeps {
  readonly clock: ReturnType<typeof createVirtualClock>;
  readonly random: () => number;
  readonly id: number;
}

const { signal: neverAborted } = new AbortController();

/** The shipped loop, poller, retries and intervals. */
async function followAdaptively(azure: RateLimitedService, { clock, random, id }: PollerDeps): Promise<void> {
  const retryAfterRegistry = createRetryAfterRegistry(clock);
  const { send: ask } = retryAfterRegistry.trackResponses({
    send: ({ url }) => azure.send(url),
    stream: () => Promise.reject(new Error("nothing is downloaded here")),
  });
  const sendOnce: SendRequest = async ({ signal, ...apiRequest }) => {
    const response = await ask({
      method: "GET",
      url: `${projectUrl}/${apiRequest.path}`,
      timeoutMs: minute,
      signal,
    });
    const request = { ...apiRequest, signal };
    const context = { clock, endpoint, redact: (text: string) => text };
    if (isSuccessful(response)) return decodeResponse(request, response, context);
    throw responseError(request, response, context);
  };
  const send = retryAfterPolicy(retryPolicy(sendOnce, { clock, random }), retryAfterRegistry, {
    url: projectUrl,
  });
  const poll = createRunPoller(send, id, () => "");
  const options = { pollIntervalMs: intervalMs, deadline: Infinity };
  for await (const _ of pollLoop(poll, options, clock, neverAborted));
}

/** A minimal script: one request at a fixed interval, repeated after Retry-After if it is refused. */
async function followAtFixedInterval(azure: RateLimitedService, { clock, id }: PollerDeps): Promise<void> {
  for (;;) {
    const { status, headers, body } = await azure.send(`${projectUrl}/_apis/build/builds/${id}`);
    if (status === 200 && JSON.parse(body).status === "completed") return;
    const retryAfterMs = status === 200 ? 0 : Number(headers["retry-after"] ?? "0") * 1_000;
    await clock.sleep(Math.max(intervalMs, retryAfterMs), neverAborted);
  }
}

/** Mulberry32: reproducible random numbers. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
