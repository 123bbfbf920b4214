import { describe, expect, it } from "vitest";
import { campaign } from "../../scripts/faults/campaign.ts";
import { type Case, casesFor } from "../../scripts/faults/cases.ts";

const seed = 20260602;
const runs = 60;
const atOnce = 12;

/** Nothing in it takes half a minute: an answer that never comes does, and so does a look for an orphan. */
function isBrief({ strikes, interruption }: Case): boolean {
  const isPatient = strikes.some(
    ({ target, trouble, times }) =>
      times === Number.POSITIVE_INFINITY ||
      /no answer|stalls/.test(trouble) ||
      (interruption !== undefined && target === "the start"),
  );
  return !isPatient;
}

describe("the fault campaign", () => {
  // `npm run faults` plays them by the hundred.
  it("a dozen combinations break no law", async () => {
    const only = casesFor(seed, runs).filter(isBrief).slice(0, atOnce);
    const outcomes = await campaign({
      seed,
      runs,
      only: only.map(({ number }) => number),
      atOnce,
      limitMs: 27_000,
    });
    expect(outcomes).toHaveLength(atOnce);
    for (const { one, breaches, played } of outcomes) {
      expect(breaches, `${JSON.stringify(one)}\n${played.result?.main.log}`).toEqual([]);
    }
  });
});
