import { expect, it } from "vitest";
import { TransientError } from "../../src/errors.ts";
import { createCheckRunReporter } from "../../src/github/check-run.ts";
import { createCommitStatusReporter } from "../../src/github/commit-status.ts";
import type { HttpRequest, Transport } from "../../src/ports.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { commit, runningReport, succeededReport } from "./reporter-harness.ts";

/** A GitHub that lets each request fail after this time, or else at its time limit. */
function unresponsiveGitHub(delaysMs: readonly number[] = []) {
  const clock = createFakeClock();
  const requests: string[] = [];
  const send = async ({ method, timeoutMs, url }: HttpRequest): Promise<never> => {
    // The request that looks for a newer run's report has its own time limit.
    if (method === "GET" && url.includes("/statuses")) throw new TransientError("no response");
    const ms = Math.min(delaysMs[requests.length] ?? Number.POSITIVE_INFINITY, timeoutMs);
    requests.push(`${method} ${timeoutMs}`);
    clock.advance(ms);
    throw new TransientError("no response");
  };
  const stream = () => Promise.reject(new Error("the reporters do not stream"));
  const warnings: string[] = [];
  const options = {
    name: "azure",
    token: "ghs_x",
    apiUrl: "https://ghe.example/api/v3",
    repository: "octo/shop",
    resolveCommit: async () => commit,
    clock,
    transport: { send, stream } satisfies Transport,
    warn: (text: string) => void warnings.push(text),
  };
  return { clock, requests, warnings, options };
}

it("a commit status delays the end of the step by ten seconds at most", async () => {
  const { clock, requests, warnings, options } = unresponsiveGitHub();
  const reporter = createCommitStatusReporter(options);
  await reporter.open(runningReport);
  const before = clock.now();
  await reporter.close(succeededReport);
  expect(clock.now() - before).toBe(10_000);
  expect(requests).toEqual(["POST 10000", "POST 10000"]);
  expect(warnings).toHaveLength(1);
});

it("a commit status is written again at the end within the rest of the ten seconds", async () => {
  const { clock, requests, options } = unresponsiveGitHub([2_500]);
  await createCommitStatusReporter(options).close(succeededReport);
  expect(clock.now()).toBe(10_000);
  expect(requests).toEqual(["POST 10000", "POST 6500"]);
});

it("a check run whose creation takes two requests delays the start by ten seconds at most", async () => {
  const { clock, requests, warnings, options } = unresponsiveGitHub();
  await createCheckRunReporter({ ...options, isExternalRun: true }).open(runningReport);
  expect([clock.now(), requests]).toEqual([10_000, ["GET 10000"]]);
  expect(warnings).toEqual([]);
});
