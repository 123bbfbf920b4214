import { pollLoop } from "../../src/app/wait-for-run.ts";
import type { SendRequest } from "../../src/azure-devops/api-request.ts";
import { decodeResponse } from "../../src/azure-devops/responses.ts";
import {
  createRetryAfterRegistry,
  retryAfterPolicy,
  retryPolicy,
} from "../../src/azure-devops/retry-policy.ts";
import { createRunPoller } from "../../src/azure-devops/timeline.ts";
import type { PollResponse } from "../../src/core/model.ts";
import type { RunPollOptions } from "../../src/ports.ts";
import { virtualClock } from "./clock.ts";
import { type Service, type SimulatedRunTimes, service } from "./service.ts";

export type Manner = "yielding" | "fixed";

/** What so many simultaneous waits came to. */
export interface Crowd {
  readonly waits: number;
  readonly manner: Manner;
  readonly requests: number;
  readonly heldBack: number;
  readonly refused: number;
  /** The most in any five minutes. */
  readonly peakUnits: number;
  /** From a run's end to when its wait knew, sorted. Seconds. */
  readonly delays: readonly number[];
  readonly lost: number;
}

const minute = 60_000;

const intervalMs = 10_000;

const home = "https://dev.azure.com/contoso/web";

/** So many waits with one identity: the real loop, retries and looker; only time and the service are made up. */
export async function crowd(waits: number, manner: Manner): Promise<Crowd> {
  const random = randomNumbers(waits);
  const clock = virtualClock();
  const { signal } = new AbortController();
  const runs = new Map<number, SimulatedRunTimes & { readonly begunAt: number }>();
  for (let id = 1; id <= waits; id += 1) {
    const begunAt = random() * minute;
    runs.set(id, {
      begunAt,
      startsAt: begunAt + random() * 2 * minute,
      endsAt: begunAt + (10 + random() * 40) * minute,
    });
  }
  const azure = service(clock, runs, signal);
  const delays: number[] = [];
  let lost = 0;
  const wait = async (
    id: number,
    { begunAt, endsAt }: { begunAt: number; endsAt: number },
  ): Promise<void> => {
    await clock.sleep(begunAt, signal);
    const look = eyes(azure, { clock, random, id, manner });
    try {
      for await (const { run } of pollLoop(
        look,
        { pollIntervalMs: intervalMs, deadline: Infinity },
        clock,
        signal,
      )) {
        if (run.status === "completed") delays.push((clock.now() - endsAt) / 1_000);
      }
    } catch {
      lost += 1;
    }
  };
  const all = Promise.all([...runs].map(([id, run]) => wait(id, run)));
  await clock.exhaust();
  await all;
  const { requests, heldBack, refused } = azure.counts;
  delays.sort((a, b) => a - b);
  return { waits, manner, requests, heldBack, refused, peakUnits: azure.peakUnits(), delays, lost };
}

interface Watcher {
  readonly clock: ReturnType<typeof virtualClock>;
  readonly random: () => number;
  readonly id: number;
  readonly manner: Manner;
}

function eyes(azure: Service, { clock, random, id, manner }: Watcher) {
  const rests = createRetryAfterRegistry(clock);
  const { send: ask } = rests.trackResponses({
    send: ({ url }) => azure.ask(url),
    stream: () => Promise.reject(new Error("nothing is downloaded here")),
  });
  const plain: SendRequest = async ({ signal, ...call }) => {
    const answer = await ask({ method: "GET", url: `${home}/${call.path}`, timeoutMs: minute, signal });
    return decodeResponse({ ...call, signal }, answer, clock.now());
  };
  const send = retryAfterPolicy(retryPolicy(plain, { clock, random }), rests, home);
  const look = createRunPoller(send, id, () => "");
  if (manner === "yielding") return look;
  // What a pace that never gives way would be like.
  return async (options: RunPollOptions, signal: AbortSignal): Promise<PollResponse> => ({
    ...(await look(options, signal)),
    throttling: undefined,
    retryAfterMs: undefined,
  });
}

/** Mulberry32: the same numbers each time. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
