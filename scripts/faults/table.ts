import type { Outcome } from "./campaign.ts";
import { lawNames } from "./laws.ts";
import { type TargetName, type TroubleName, targets, troubleOf, troubles } from "./troubles.ts";

/** For docs/reliability.md: what was injected, and what became of it. */
export function reliability(outcomes: readonly Outcome[], { seed }: { readonly seed: number }): string {
  const broken = outcomes.filter((outcome) => outcome.breaches.length > 0).length;
  const cutOff = outcomes.filter(({ one }) => one.interruption !== undefined).length;
  return `Written by \`npm run faults -- --write\`: ${outcomes.length} combinations of scenario, faults and moment (seed ${seed}), each the
shipped bundle in a process of its own, main then post, against a simulator of its own. Where outages take minutes the
process's clock goes ten times as fast. ${cutOff} of the steps were cut off: cancelled, cancelled where no signal comes, or killed.

| law | broken |
|---|--:|
${lawRows(outcomes)}
| cases that broke any | ${broken} |

Each cell: how many steps were struck there, and how many of those still ended as the run did. The others ended red with one
error that says why, were cut off on purpose, or met a fault that never passed.

| fault | ${Object.keys(targets).join(" | ")} |
|---|${"--:|".repeat(Object.keys(targets).length)}
${(Object.keys(troubles) as TroubleName[]).map((trouble) => row(trouble, outcomes)).join("\n")}
`;
}

function lawRows(outcomes: readonly Outcome[]): string {
  const all = outcomes.flatMap(({ breaches }) => breaches);
  return lawNames.map((name) => `| ${name} | ${all.filter(({ law }) => law === name).length} |`).join("\n");
}

function row(trouble: TroubleName, outcomes: readonly Outcome[]): string {
  const cells = (Object.keys(targets) as TargetName[]).map((target) => {
    const struck = outcomes.filter(({ one }) =>
      one.strikes.some((strike) => strike.target === target && strike.trouble === trouble),
    );
    return struck.length === 0 ? "" : `${struck.length} / ${struck.filter(endedAsTheRun).length}`;
  });
  const { nature } = troubleOf(trouble);
  return `| ${trouble}${nature === "refusal" ? " (refuses for good)" : ""} | ${cells.join(" | ")} |`;
}

/** Green on a good run, red on a bad one, with no word of its own. */
function endedAsTheRun({ played: { result } }: Outcome): boolean {
  const errorCode = result?.main.outputs["error-code"];
  return result?.main.exitCode !== null && (errorCode === undefined || errorCode === "timeout");
}
