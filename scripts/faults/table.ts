import type { Outcome } from "./campaign.ts";
import { type TargetName, type TroubleName, targets, troubleOf, troubles } from "./troubles.ts";

/** For docs/reliability.md: what was injected, and what became of it. */
export function reliability(outcomes: readonly Outcome[], { seed }: { readonly seed: number }): string {
  const broken = outcomes.filter((outcome) => outcome.broken.length > 0).length;
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

const laws: readonly (readonly [string, RegExp])[] = [
  [
    "at most one run is started, and exactly one where the step is green",
    /runs were started|no run was started/,
  ],
  ["green only on a run that satisfied `success-when`", /^green on/],
  ["`run-id` is there whenever a run is", /run-id/],
  ["a step that is cut off leaves no run behind", /goes on after/],
  ["nothing else is cancelled", /nobody wanted/],
  ["red says why, once; green has no `error-code`", /^red with|error-code$/],
  ["never silent for longer than the time limits", /^silent/],
  ["no secret is written down", /written down/],
  ["the process ends, and the post step is green", /did not end|post step/],
];

function lawRows(outcomes: readonly Outcome[]): string {
  const all = outcomes.flatMap(({ broken }) => broken);
  return laws.map(([law, sign]) => `| ${law} | ${all.filter((text) => sign.test(text)).length} |`).join("\n");
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
