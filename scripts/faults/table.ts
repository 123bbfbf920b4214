import type { Outcome } from "./campaign.ts";
import type { Expectation } from "./expectations.ts";
import { type FaultTypeName, faultTypeOf, faultTypes, targets } from "./injections.ts";
import { invariantNames } from "./invariants.ts";
import { trendRows } from "./resource-trends.ts";
import { isHindered, type RunnerFaultName, runnerFaultOf, runnerFaults } from "./runner-faults.ts";
import { recordCount, type SoakResult } from "./soak.ts";

/** For docs/reliability.md: the injected faults and their results. */
export function reliabilityTables(outcomes: readonly Outcome[], { seed }: { readonly seed: number }): string {
  const failed = outcomes.filter((outcome) => outcome.violations.length > 0).length;
  const interrupted = outcomes.filter(({ testCase }) => testCase.interruption !== undefined).length;
  return `Written by \`npm run faults -- --write\`: ${outcomes.length} combinations of scenario, faults and moment (seed ${seed}), each the
shipped bundle in a process of its own, main then post, against a simulator of its own. Where outages take minutes the
process's clock goes ten times as fast. ${interrupted} of the steps were cut off: cancelled, cancelled where no signal comes, or killed.

| law | broken |
|---|--:|
${invariantRows(outcomes)}
| cases that broke any | ${failed} |

Each fault struck any of these requests, once, a few times or for good: ${Object.keys(targets).join(", ")}. The last columns: how many
steps it struck, and how many of those still ended as the run did. The others ended red with one error that says why, were cut off on
purpose, or met a fault that never passed.

| condition | behaviour | limit | steps | as the run |
|---|---|---|--:|--:|
${[...requestRows(outcomes), ...runnerRows(outcomes)].join("\n")}
`;
}

function invariantRows(outcomes: readonly Outcome[]): string {
  const all = outcomes.flatMap(({ violations }) => violations);
  return invariantNames
    .map((name) => `| ${name} | ${all.filter(({ invariant }) => invariant === name).length} |`)
    .join("\n");
}

function requestRows(outcomes: readonly Outcome[]): readonly string[] {
  return (Object.keys(faultTypes) as FaultTypeName[]).map((name) => {
    const affected = outcomes.filter(({ testCase }) =>
      testCase.injections.some(({ faultType }) => faultType === name),
    );
    return faultRow(name, faultTypeOf(name).expected, affected);
  });
}

function runnerRows(outcomes: readonly Outcome[]): readonly string[] {
  return (Object.keys(runnerFaults) as RunnerFaultName[]).map((name) => {
    const affected = outcomes.filter(({ testCase }) => testCase.runnerFault === name);
    return faultRow(`runner: ${name}`, runnerFaultOf(name).expected, affected);
  });
}

function faultRow(
  condition: string,
  { behaviour, limit }: Expectation,
  affected: readonly Outcome[],
): string {
  const counts = [affected.length, affected.filter(matchesRunResult).length];
  return `| ${[condition, behaviour, limit, ...counts].join(" | ")} |`;
}

/** Green on a good run, red on a bad one, with no error of its own. */
function matchesRunResult({ testCase, caseRun: { result } }: Outcome): boolean {
  if (result === undefined || result.main.exitCode === null || isHindered(testCase.runnerFault)) return false;
  const errorCode = result.main.outputs["error-code"];
  return errorCode === undefined || errorCode === "timeout";
}

/** For docs/reliability.md: the measurements of a soak test. */
export function soakSection(
  { polls, faults, samples, caseRun }: SoakResult,
  { seed, seconds }: { readonly seed: number; readonly seconds: number },
): string {
  const main = caseRun.result?.main;
  return `Written by \`npm run faults -- --soak --write\` (seed ${seed}): a run of ${seconds} seconds with ${recordCount.toLocaleString("en")} records,
\`poll-interval: 1s\`. ${caseRun.requests.length} requests, ${polls} of them polls, met ${faults} faults; those that throttle slow the polls down for a
while. ${samples.length} samples, each after a garbage collection inside the process. The run failed at its end, and the step ended with exit code ${main?.exitCode ?? "none"}.

| | first third | last third | highest | allowed growth |
|---|--:|--:|--:|--:|
${trendRows(samples).join("\n")}
`;
}
