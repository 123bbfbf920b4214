import * as fc from "fast-check";
import {
  type FaultTypeName,
  faultTypeOf,
  faultTypes,
  type Injection,
  type TargetName,
  targets,
} from "./injections.ts";
import { type RunnerFaultName, runnerFaultOf, runnerFaults } from "./runner-faults.ts";
import { type ScenarioName, scenarioOf, scenarios } from "./scenarios.ts";

const interruptions = ["cancel", "cancel by SIGTERM", "cancel in a container", "kill"] as const;

/** The step is interrupted this long after that request arrived. */
interface Interruption {
  readonly kind: (typeof interruptions)[number];
  readonly afterRequest: TargetName;
  readonly nth: number;
  readonly delayMs: number;
}

/** One combination of scenario, faults and time. */
export interface Case {
  readonly number: number;
  readonly scenario: ScenarioName;
  readonly injections: readonly Injection[];
  readonly interruption: Interruption | undefined;
  readonly runnerFault?: RunnerFaultName;
  /** The number of calls of the list of runs in which a new run is still missing. */
  readonly listLag: number;
  /** The speed of the process's clock, relative to the real clock. */
  readonly clockSpeed: number;
}

const targetNames = Object.keys(targets) as TargetName[];

const faultTypeNames = Object.keys(faultTypes) as FaultTypeName[];

const runnerFaultNames = Object.keys(runnerFaults) as RunnerFaultName[];

const scenarioNames = Object.keys(scenarios) as ScenarioName[];

const endlessScenario: ScenarioName = "goes on and on";

const drawnScenarios = scenarioNames.filter(
  (name) => name !== endlessScenario && name !== "is polled for minutes",
);

const lostStartResponse: Injection = {
  target: "the start",
  faultType: "connection reset after the request is processed",
  nth: 1,
  times: 1,
};

/** The subject of a case: a request and its fault, or a fault of the runner. */
type Subject =
  | { readonly target: TargetName; readonly faultType: FaultTypeName }
  | { readonly runnerFault: RunnerFaultName };

/** Cases whose order and content depend only on the seed. All subjects are used in turn. */
export function casesFor(seed: number, runs: number): readonly Case[] {
  const subjects: Subject[] = [
    ...targetNames.flatMap((target) => faultTypeNames.map((faultType): Subject => ({ target, faultType }))),
    ...runnerFaultNames.map((runnerFault): Subject => ({ runnerFault })),
  ];
  const shuffled = fc.sample(fc.shuffledSubarray(subjects, { minLength: subjects.length }), {
    seed,
    numRuns: 1,
  })[0];
  const drawnCases = fc.sample(caseArbitrary, { seed, numRuns: runs });
  return drawnCases.map((drawn, index) => {
    const subject = shuffled?.[index % subjects.length];
    if (subject === undefined) throw new Error("there is nothing to inject");
    return "runnerFault" in subject
      ? runnerCase(index + 1, subject.runnerFault, drawn)
      : caseOf(index + 1, subject, drawn);
  });
}

/** If the run is cancelled, only the fault ends the step. */
function runnerCase(number: number, runnerFault: RunnerFaultName, drawn: DrawnCase): Case {
  const { effect } = runnerFaultOf(runnerFault);
  const scenario = isCompatible(drawn.scenario, "the start") ? drawn.scenario : "fails";
  return {
    number,
    scenario: effect === "cancelled" ? endlessScenario : effect === "failed" ? "succeeds" : scenario,
    injections: secondInjection(drawn).filter(({ faultType }) => faultTypeOf(faultType).isSilent !== true),
    interruption: undefined,
    runnerFault,
    listLag: drawn.listLag,
    clockSpeed: 1,
  };
}

const caseArbitrary = fc.record({
  scenario: fc.constantFrom(...drawnScenarios),
  nth: fc.integer({ min: 1, max: 3 }),
  times: fc.constantFrom(1, 1, 1, 2, 3, Number.POSITIVE_INFINITY),
  second: fc.option(
    fc.record({ target: fc.constantFrom(...targetNames), faultType: fc.constantFrom(...faultTypeNames) }),
    { freq: 2 },
  ),
  interrupted: fc.integer({ min: 0, max: 9 }),
  kind: fc.constantFrom(...interruptions),
  afterRequest: fc.constantFrom<TargetName>("the start", "the start", "a poll", "the timeline"),
  delayMs: fc.constantFrom(0, 1, 5, 30, 200, 600),
  listLag: fc.integer({ min: 0, max: 2 }),
});

type DrawnCase = typeof caseArbitrary extends fc.Arbitrary<infer T> ? T : never;

function caseOf(
  number: number,
  { target, faultType }: { readonly target: TargetName; readonly faultType: FaultTypeName },
  drawn: DrawnCase,
): Case {
  const { nth, times, listLag } = drawn;
  const isInterrupted = target === "the cancellation" || drawn.interrupted < 3;
  const first = { target, faultType, nth: isSentOnce(target) ? 1 : nth, times };
  const injections = [...preconditions(target), first, ...secondInjection(drawn)];
  if (!isInterrupted) {
    const scenario = isCompatible(drawn.scenario, target) ? drawn.scenario : "succeeds";
    return { number, scenario, injections, interruption: undefined, listLag, clockSpeed: 10 };
  }
  // A step that is interrupted cannot survive permanent faults: it must survive two of each.
  const boundedInjections = injections.map((injection) => ({
    ...injection,
    times: Math.min(injection.times, 2),
  }));
  const { kind, afterRequest, delayMs } = drawn;
  const interruption = { kind, afterRequest, nth: afterRequest === "the start" ? 1 : nth, delayMs };
  return {
    number,
    scenario: endlessScenario,
    injections: boundedInjections,
    interruption,
    listLag,
    clockSpeed: 1,
  };
}

/** Some requests are sent only after another fault. */
function preconditions(target: TargetName): Injection[] {
  return target === "the list of runs" || target === "the run by its id" ? [lostStartResponse] : [];
}

function isSentOnce(target: TargetName): boolean {
  return target !== "a poll" && target !== "the timeline" && target !== "the list of runs";
}

function isCompatible(name: ScenarioName, target: TargetName): boolean {
  const { isExternal } = scenarioOf(name);
  return isExternal !== true || (target !== "the start" && target !== "the list of runs");
}

function secondInjection({ second, nth }: DrawnCase): Injection[] {
  if (second === null || faultTypeOf(second.faultType).effect === "permanent") return [];
  return [{ ...second, nth: isSentOnce(second.target) ? 1 : nth, times: 1 }];
}
