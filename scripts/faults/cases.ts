import * as fc from "fast-check";
import { type ScenarioName, scenarioOf, scenarios } from "./scenarios.ts";
import { type Strike, type TargetName, type TroubleName, targets, troubleOf, troubles } from "./troubles.ts";

const interruptions = ["cancel", "cancel by SIGTERM", "cancel in a container", "kill"] as const;

/** The step is cut off, so long after that request arrived. */
export interface Interruption {
  readonly how: (typeof interruptions)[number];
  readonly after: TargetName;
  readonly nth: number;
  readonly ms: number;
}

/** One combination of scenario, faults and moment. */
export interface Case {
  readonly number: number;
  readonly scenario: ScenarioName;
  readonly strikes: readonly Strike[];
  readonly interruption: Interruption | undefined;
  /** For so many of its calls the list of runs does not have a new run yet. */
  readonly listLag: number;
  /** How much faster than ours the process's clock goes. */
  readonly swiftness: number;
}

const targetNames = Object.keys(targets) as TargetName[];
const troubleNames = Object.keys(troubles) as TroubleName[];
const scenarioNames = Object.keys(scenarios) as ScenarioName[];
const endless: ScenarioName = "goes on and on";
const lost: Strike = {
  target: "the start",
  trouble: "connection reset after it was handled",
  nth: 1,
  times: 1,
};

/** Cases in an order and a shape that hang on the seed alone. Every pair of request and fault comes up in turn. */
export function casesFor(seed: number, runs: number): readonly Case[] {
  const pairs = targetNames.flatMap((target) => troubleNames.map((trouble) => ({ target, trouble })));
  const shuffled = fc.sample(fc.shuffledSubarray(pairs, { minLength: pairs.length }), {
    seed,
    numRuns: 1,
  })[0];
  const drawn = fc.sample(draw, { seed, numRuns: runs });
  return drawn.map((one, index) => {
    const pair = shuffled?.[index % pairs.length] ?? pairs[0];
    if (pair === undefined) throw new Error("there is nothing to inject");
    return caseOf(index + 1, pair, one);
  });
}

const draw = fc.record({
  scenario: fc.constantFrom(...scenarioNames.filter((name) => name !== endless)),
  nth: fc.integer({ min: 1, max: 3 }),
  times: fc.constantFrom(1, 1, 1, 2, 3, Number.POSITIVE_INFINITY),
  second: fc.option(
    fc.record({ target: fc.constantFrom(...targetNames), trouble: fc.constantFrom(...troubleNames) }),
    { freq: 2 },
  ),
  interrupted: fc.integer({ min: 0, max: 9 }),
  how: fc.constantFrom(...interruptions),
  after: fc.constantFrom<TargetName>("the start", "the start", "a look", "the timeline"),
  ms: fc.constantFrom(0, 1, 5, 30, 200, 600),
  listLag: fc.integer({ min: 0, max: 2 }),
});

type Drawn = typeof draw extends fc.Arbitrary<infer T> ? T : never;

function caseOf(
  number: number,
  { target, trouble }: { readonly target: TargetName; readonly trouble: TroubleName },
  drawn: Drawn,
): Case {
  const { nth, times, listLag } = drawn;
  const wantsInterruption = target === "the cancel" || drawn.interrupted < 3;
  const first = { target, trouble, nth: isAskedOnce(target) ? 1 : nth, times };
  const strikes = [...preconditions(target), first, ...secondOf(drawn)];
  if (!wantsInterruption) {
    const scenario = fits(drawn.scenario, target) ? drawn.scenario : "succeeds";
    return { number, scenario, strikes, interruption: undefined, listLag, swiftness: 10 };
  }
  // What never passes cannot be outlived by a step that is cut off: two of each are what it is promised to survive.
  const bounded = strikes.map((strike) => ({ ...strike, times: Math.min(strike.times, 2) }));
  const { how, after, ms } = drawn;
  const interruption = { how, after, nth: after === "the start" ? 1 : nth, ms };
  return { number, scenario: endless, strikes: bounded, interruption, listLag, swiftness: 1 };
}

/** Some requests come only after something else went wrong. */
function preconditions(target: TargetName): Strike[] {
  return target === "the list of runs" || target === "the run found again" ? [lost] : [];
}

function isAskedOnce(target: TargetName): boolean {
  return target !== "a look" && target !== "the timeline" && target !== "the list of runs";
}

function fits(name: ScenarioName, target: TargetName): boolean {
  const { others } = scenarioOf(name);
  return others !== true || (target !== "the start" && target !== "the list of runs");
}

function secondOf({ second, nth }: Drawn): Strike[] {
  if (second === null || troubleOf(second.trouble).nature === "refusal") return [];
  return [{ ...second, nth: isAskedOnce(second.target) ? 1 : nth, times: 1 }];
}
