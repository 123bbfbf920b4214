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
  return `Written by \`npm run faults -- --write\`: ${outcomes.length} combinations of scenario, faults and moment (seed ${seed}). Each runs
main and post of the shipped bundle against a separate simulator. If an outage takes minutes, the process's clock runs ten times as fast.
${interrupted} of the steps were interrupted: cancelled with a signal, cancelled without one (in a container), or killed.

| invariant | violations |
|---|--:|
${invariantRows(outcomes)}
| cases with a violation | ${failed} |

Each fault affects one of these requests, once, a few times or permanently: ${Object.keys(targets).join(", ")}. The last two columns count
the steps with this fault, and those of them that still ended like their run. The other steps were interrupted, had a permanent fault, or
failed with one error that says why.

| condition | behaviour | limit | steps | like the run |
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

/** Whether the step succeeded or failed like its run, without an error of the action itself. */
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
\`poll-interval: 1s\`. ${caseRun.requests.length} requests, ${polls} of them polls, met ${faults} faults; after those that throttle, the step polls less often
for a while. ${samples.length} samples were taken, each after a garbage collection inside the process. At its end the run failed, and the step ended with exit code ${main?.exitCode ?? "none"}.

| | first third | last third | highest | allowed growth |
|---|--:|--:|--:|--:|
${trendRows(samples).join("\n")}
`;
}
