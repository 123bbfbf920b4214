import type { Ran } from "../../__tests__/support/runner.ts";
import type { Case } from "./cases.ts";
import { type Played, secrets } from "./play.ts";
import { scenarioOf } from "./scenarios.ts";
import { type Strike, troubleOf } from "./troubles.ts";

/** Longest silence of a step whose service is away: a request's time limit and the longest backoff. Milliseconds. */
const silenceMs = 62_000;
/** What a loaded machine may add. */
const slackMs = 5_000;

/** What this case broke, as sentences. */
export function brokenLaws(one: Case, played: Played): readonly string[] {
  const { result, overdue } = played;
  if (result === undefined) return [`the process did not end: ${overdue}`];
  const { main, post } = result;
  return [
    ...startedOnce(played, main),
    ...greenOnlyWhenTrue(one, played, main),
    ...namesItsRun(one, played, main),
    ...leavesNothing(one, played, main),
    ...touchesNothingElse(one, played),
    ...speaksClearly(one, main),
    ...neverSilent(one, played),
    ...[main, post].flatMap((ran) => (ran === undefined ? [] : keepsSecrets(ran))),
    ...(post === undefined ? [] : endsGreen(post)),
  ];
}

/** Where the main step was quicker than its killer, the killer has met the post step. */
function endsGreen({ exitCode, signal }: Ran): string[] {
  return exitCode === 0 || signal === "SIGKILL" ? [] : [`the post step ended with ${exitCode ?? signal}`];
}

function startedOnce({ runs }: Played, main: Ran): string[] {
  if (runs.length > 1) return [`${runs.length} runs were started`];
  if (main.exitCode === 0 && runs.length === 0) return ["green, and no run was started"];
  return [];
}

function greenOnlyWhenTrue(one: Case, { runs }: Played, main: Ran): string[] {
  if (main.exitCode !== 0) return [];
  const { green } = scenarioOf(one.scenario);
  const result = runs[0]?.result ?? "none";
  return green === "any" || green.includes(result) ? [] : [`green on a run whose result is ${result}`];
}

/** Whoever ends by himself names his run, unless he says that he does not know it. */
function namesItsRun(one: Case, { runs }: Played, { exitCode, outputs, log }: Ran): string[] {
  const [run] = runs;
  const errorCode = outputs["error-code"];
  const isOpen = errorCode === "start-unknown" || /Whether a run was started is not known/.test(log);
  const isOut = one.interruption?.how === "cancel in a container";
  if (run === undefined || exitCode === null || isOpen || isOut) return [];
  if (outputs["run-id"] === String(run.id)) return [];
  return [`run ${run.id} exists, and run-id is ${JSON.stringify(outputs["run-id"])} (${errorCode})`];
}

/** After a step that was cut off none of its runs goes on, unless the service refused to be asked. */
function leavesNothing(one: Case, { runs }: Played, { exitCode, result }: Ran): string[] {
  // It may have come to an end of its own before.
  const isCutOff = exitCode === null || result === "cancelled";
  if (!isCutOff || one.strikes.some(isRefusal)) return [];
  return runs
    .filter(({ status, cancelledAt }) => status !== "completed" && cancelledAt === undefined)
    .map(({ id }) => `run ${id} goes on after the step was cut off`);
}

/** A step that comes to its own end cancels nothing, unless it was told to. */
function touchesNothingElse(one: Case, { requests }: Played): string[] {
  if (one.interruption !== undefined || scenarioOf(one.scenario).cancels === true) return [];
  return requests.some(({ method }) => method === "PATCH")
    ? ["a run was cancelled that nobody wanted cancelled"]
    : [];
}

function speaksClearly(one: Case, { exitCode, outputs, annotations, result }: Ran): string[] {
  const own = annotations.filter(({ level }) => level === "error").map(({ message }) => message);
  if (exitCode === 0) return outputs["error-code"] === undefined ? [] : ["green, with an error-code"];
  if (one.interruption !== undefined || result === "cancelled") return [];
  return own.length === 1 ? [] : [`red with ${own.length} errors: ${own.join(" / ")}`];
}

function neverSilent({ swiftness }: Case, { signs }: Played): string[] {
  const gaps = signs.slice(1).map((at, index) => at - (signs[index] ?? at));
  const longest = Math.max(...gaps);
  return longest <= silenceMs / swiftness + slackMs ? [] : [`silent for ${Math.round(longest / 1_000)} s`];
}

function keepsSecrets({ raw, written, annotations }: Ran): string[] {
  const lines = raw.split("\n").filter((line) => !line.startsWith("::add-mask::"));
  const left = [lines.join("\n"), ...Object.values(written), JSON.stringify(annotations)].join("\n");
  return secrets.filter((secret) => left.includes(secret)).map((secret) => `"${secret}" was written down`);
}

function isRefusal({ trouble }: Strike): boolean {
  return troubleOf(trouble).nature === "refusal";
}
