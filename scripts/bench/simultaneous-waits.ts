import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buildJson, runJson, timelineRecords } from "../../__tests__/support/azure-responses.ts";
import { inputsFor, token } from "../../__tests__/support/scenario.ts";
import type { Clock } from "../../src/lib/time.ts";
import {
  createRateLimitedService,
  type RateLimit,
  type SimulatedRunTimes,
} from "../scale/rate-limited-service.ts";
import { programPath, runBundle, runProgram } from "./process.ts";

/** The clock speed of the processes and the service. All times below are by this clock. */
const clockSpeed = 5;

const intervalMs = 10_000;

/** Twenty waits that poll at the interval are just below the limit. Forty are refused. */
const limit: RateLimit = { units: 120, windowSeconds: 60, unitsPerRequest: 1 };

/** The waits begin within this many milliseconds. */
const startSpreadMs = 20_000;

const { signal: neverAborted } = new AbortController();

export interface GroupResult {
  readonly waits: number;
  /** The time from a run's end to the exit of the process that waits for it. */
  readonly meanDelaySeconds: number;
  readonly refused: number;
  /** Processes that failed, although all runs succeed. */
  readonly lost: number;
}

type WaitKind = "action" | "script";

/** Groups of each size, with real processes; small groups are measured several times, in parallel. */
export async function measureSimultaneousWaits(kind: WaitKind): Promise<readonly GroupResult[]> {
  const [ones, fives, ten] = await Promise.all([repeat(kind, 1, 5), repeat(kind, 5, 2), repeat(kind, 10, 1)]);
  return [ones, fives, ten, await repeat(kind, 20, 1), await repeat(kind, 40, 1)];
}

async function repeat(kind: WaitKind, waits: number, groups: number): Promise<GroupResult> {
  const results = await Promise.all(
    Array.from({ length: groups }, (_, group) => runGroup(kind, waits, group / groups)),
  );
  const sum = (value: (result: GroupResult) => number) =>
    results.reduce((total, result) => total + value(result), 0);
  return {
    waits,
    meanDelaySeconds: sum(({ meanDelaySeconds }) => meanDelaySeconds) / groups,
    refused: sum(({ refused }) => refused),
    lost: sum(({ lost }) => lost),
  };
}

/**
 * Processes that wait with one identity. The runs' ends are spread evenly over the poll interval, since with a few random
 * ends the result would depend on chance.
 */
async function runGroup(kind: WaitKind, waits: number, share: number): Promise<GroupResult> {
  const clock = scaledClock();
  const runs = new Map<number, SimulatedRunTimes>();
  const service = createRateLimitedService(clock, runs, neverAborted, limit);
  const server = createServer(async (request, response) => {
    request.resume();
    const url = request.url ?? "";
    const reply = (status: number, headers: Readonly<Record<string, string>>, body: unknown) => {
      const text = body === undefined ? "" : JSON.stringify(body);
      const type = body !== undefined && { "content-type": "application/json" };
      response
        .writeHead(status, { ...headers, ...type, "content-length": Buffer.byteLength(text) })
        .end(text);
    };
    if (request.method === "POST") {
      const id = Number(/^\/wait(\d+)/.exec(url)?.[1]);
      const startsAt = clock.now();
      runs.set(id, { startsAt, endsAt: startsAt + 60_000 + ((id + share) * 90_000) / waits });
      reply(200, {}, runJson({ id }));
      return;
    }
    const { status, headers, body } = await service.send(url);
    if (body !== "") {
      const run = JSON.parse(body) as { readonly id: number; readonly status: string };
      reply(status, headers, buildJson(run.status, { id: run.id }));
      return;
    }
    const id = Number(/builds\/(\d+)\/timeline/.exec(url)?.[1]);
    const endsAt = runs.get(id)?.endsAt;
    if (endsAt === undefined || status !== 204) {
      reply(status, headers, undefined);
      return;
    }
    const hasEnded = clock.now() >= endsAt;
    const records = hasEnded ? timelineRecords("completed", "succeeded") : timelineRecords("inProgress");
    reply(200, headers, { records, changeId: hasEnded ? 8 : 7, id: "t" });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const follow = async (_: unknown, index: number) => {
    await clock.sleep((index * startSpreadMs) / waits, neverAborted);
    const id = index + 1;
    const organization = `${origin}/wait${id}`;
    const inputs = inputsFor({ organization }, { "poll-interval": `${intervalMs / 1_000}s` });
    const variables = { API: `${organization}/web/_apis`, TOKEN: token, INTERVAL_MS: String(intervalMs) };
    const { exitCode, endedAt } =
      kind === "action"
        ? await runBundle(inputs, { clockSpeed })
        : await runProgram(programPath("wait.cjs"), variables, { clockSpeed });
    const delayMs = clock.at(endedAt) - (runs.get(id)?.endsAt ?? Number.NaN);
    return { isLost: exitCode !== 0, delayMs };
  };
  const waited = await Promise.all(Array.from({ length: waits }, follow));
  server.closeAllConnections();
  server.close();
  const delaysMs = waited.filter(({ isLost }) => !isLost).map(({ delayMs }) => delayMs);
  return {
    waits,
    meanDelaySeconds: delaysMs.reduce((sum, ms) => sum + ms, 0) / delaysMs.length / 1_000,
    refused: service.counts.blocked,
    lost: waits - delaysMs.length,
  };
}

/** The time of the processes' clocks. `at` is a time of `performance.now()`. */
function scaledClock(): Clock & { at(moment: number): number } {
  const at = (moment: number) => moment * clockSpeed;
  return {
    at,
    now: () => at(performance.now()),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / clockSpeed)),
  };
}
