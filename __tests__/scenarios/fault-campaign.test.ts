import { describe, expect, it } from "vitest";
import { runCampaign } from "../../scripts/faults/campaign.ts";
import { type Case, casesFor } from "../../scripts/faults/cases.ts";

const seed = 20260602;
const runs = 60;
const atOnce = 12;

/** Nothing in it takes half a minute: an answer that never comes does, and so does a look for an orphan. */
function isBrief({ injections, interruption }: Case): boolean {
  const isPatient = injections.some(
    ({ target, faultType, times }) =>
      times === Number.POSITIVE_INFINITY ||
      /no answer|stalls/.test(faultType) ||
      (interruption !== undefined && target === "the start"),
  );
  return !isPatient;
}

describe("the fault campaign", () => {
  // `npm run faults` plays them by the hundred.
  it("a dozen combinations break no law", async () => {
    const only = casesFor(seed, runs).filter(isBrief).slice(0, atOnce);
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
