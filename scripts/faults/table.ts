import type { Outcome } from "./campaign.ts";
import { type FaultTypeName, faultTypeOf, faultTypes, type TargetName, targets } from "./injections.ts";
import { invariantNames } from "./invariants.ts";

/** For docs/reliability.md: what was injected, and what became of it. */
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

Each cell: how many steps were struck there, and how many of those still ended as the run did. The others ended red with one
error that says why, were cut off on purpose, or met a fault that never passed.

| fault | ${Object.keys(targets).join(" | ")} |
|---|${"--:|".repeat(Object.keys(targets).length)}
${(Object.keys(faultTypes) as FaultTypeName[]).map((faultType) => faultRow(faultType, outcomes)).join("\n")}
`;
}

function invariantRows(outcomes: readonly Outcome[]): string {
  const all = outcomes.flatMap(({ violations }) => violations);
  return invariantNames
    .map((name) => `| ${name} | ${all.filter(({ invariant }) => invariant === name).length} |`)
    .join("\n");
}

function faultRow(faultType: FaultTypeName, outcomes: readonly Outcome[]): string {
  const cells = (Object.keys(targets) as TargetName[]).map((target) => {
    const affected = outcomes.filter(({ testCase }) =>
      testCase.injections.some(
        (injection) => injection.target === target && injection.faultType === faultType,
      ),
    );
    return affected.length === 0 ? "" : `${affected.length} / ${affected.filter(matchesRunResult).length}`;
  });
  const { effect } = faultTypeOf(faultType);
  return `| ${faultType}${effect === "permanent" ? " (refuses for good)" : ""} | ${cells.join(" | ")} |`;
}

/** Green on a good run, red on a bad one, with no word of its own. */
function matchesRunResult({ caseRun: { result } }: Outcome): boolean {
  const errorCode = result?.main.outputs["error-code"];
  return result?.main.exitCode !== null && (errorCode === undefined || errorCode === "timeout");
}
