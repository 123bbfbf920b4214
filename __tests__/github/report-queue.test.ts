import { expect, it } from "vitest";
import { TransientError } from "../../src/errors.ts";
import { createCheckRunReporter } from "../../src/github/check-run.ts";
import { createCommitStatusReporter } from "../../src/github/commit-status.ts";
import type { HttpRequest, Transport } from "../../src/ports.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { commit, runningReport, succeededReport } from "./reporter-harness.ts";

/** A GitHub that lets each request wait for so long, or for its whole time limit, and then breaks off. */
function silence(waits: readonly number[] = []) {
  const clock = createFakeClock();
  const asked: string[] = [];
  const ask = async ({ method, timeoutMs, url }: HttpRequest) => {
    // Whether a newer run has reported has a limit of its own.
    if (method === "GET" && url.includes("/statuses")) throw new TransientError("no answer");
    const ms = Math.min(waits[asked.length] ?? Number.POSITIVE_INFINITY, timeoutMs);
    asked.push(`${method} ${timeoutMs}`);
    clock.advance(ms);
    throw new TransientError("no answer");
  };
  const warnings: string[] = [];
  const options = {
    name: "azure",
    token: "ghs_x",
    apiUrl: "https://ghe.example/api/v3",
    repository: "octo/shop",
    resolveCommit: async () => commit,
    clock,
    transport: { send: ask } as unknown as Transport,
    warn: (text: string) => void warnings.push(text),
  };
  return { clock, asked, warnings, options };
}

it("is waited for ten seconds at the end, in all", async () => {
  const { clock, asked, warnings, options } = silence();
  const reporter = createCommitStatusReporter(options);
  await reporter.open(runningReport);
  const before = clock.now();
  await reporter.close(succeededReport);
  expect(clock.now() - before).toBe(10_000);
  expect(asked).toEqual(["POST 10000", "POST 10000"]);
  expect(warnings).toHaveLength(1);
});

it("has what is left of them for saying the last word again", async () => {
  const { clock, asked, options } = silence([2_500]);
  await createCommitStatusReporter(options).close(succeededReport);
  expect(clock.now()).toBe(10_000);
  expect(asked).toEqual(["POST 10000", "POST 6500"]);
});

it("has them once for a beginning that takes two requests", async () => {
  const { clock, asked, warnings, options } = silence();
  await createCheckRunReporter({ ...options, isExternalRun: true }).open(runningReport);
  expect([clock.now(), asked]).toEqual([10_000, ["GET 10000"]]);
  expect(warnings).toEqual([]);
});
