import { describe, expect, it } from "vitest";
import { runCampaign } from "../../scripts/faults/campaign.ts";
import { type Case, casesFor } from "../../scripts/faults/cases.ts";
import { faultTypeOf } from "../../scripts/faults/injections.ts";

const seed = 20260602;
const runs = 60;
const atOnce = 12;

/** No request of it waits for its time limit, and it needs no search for a lost run. */
function isBrief({ injections, interruption }: Case): boolean {
  return injections.every(
    ({ target, faultType, times }) =>
      times !== Number.POSITIVE_INFINITY &&
      faultTypeOf(faultType).isSilent !== true &&
      (interruption === undefined || target !== "the start"),
  );
}

/** Only Linux has a disk that is always full, and lets everybody make links. */
function isPortable({ runnerFault }: Case): boolean {
  return runnerFault === undefined || process.platform === "linux";
}

describe("the fault campaign", () => {
  // `npm run faults` runs hundreds of combinations.
  it("finds no violation in a dozen combinations", async () => {
    const only = casesFor(seed, runs).filter(isBrief).filter(isPortable).slice(0, atOnce);
    const outcomes = await runCampaign({
      seed,
      runs,
      only: only.map(({ number }) => number),
      concurrency: atOnce,
      timeoutMs: 27_000,
    });
    expect(outcomes).toHaveLength(atOnce);
    for (const { testCase, violations, caseRun } of outcomes) {
      expect(violations, `${JSON.stringify(testCase)}\n${caseRun.result?.main.log}`).toEqual([]);
    }
  });
});
