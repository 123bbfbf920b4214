import type { Ran } from "../../__tests__/support/runner.ts";
import type { Case } from "./cases.ts";
import { type Played, secrets } from "./play.ts";
import { scenarioOf } from "./scenarios.ts";
import { type Strike, troubleOf } from "./troubles.ts";

/** Longest silence of a step whose service is away: a request's time limit and the longest backoff. Milliseconds. */
const silenceMs = 62_000;
/** What a loaded machine may add. */
const slackMs = 5_000;

/** A case that came to an end, and what there is to judge it by. */
interface Trial {
  readonly one: Case;
  readonly played: Played;
  readonly main: Ran;
  readonly post: Ran | undefined;
}

/** A law that was broken, and how. */
export interface Breach {
  readonly law: string;
  readonly how: string;
}

const endLaw = "the process ends, and the post step is green";

/** Each answers with how it was broken. */
const laws: Readonly<Record<string, (trial: Trial) => readonly string[]>> = {
  "at most one run is started, and exactly one where the step is green": startedOnce,
  "green only on a run that satisfied `success-when`": greenOnlyWhenTrue,
  "`run-id` is there whenever a run is": namesItsRun,
  "a step that is cut off leaves no run behind": leavesNothing,
  "nothing else is cancelled": touchesNothingElse,
  "red says why, once, and where it was cancelled by `canceled`; green has no `error-code`; no stack trace":
    speaksClearly,
  "never silent for longer than the time limits": neverSilent,
  "no secret is written down": keepsSecrets,
  [endLaw]: endsGreen,
};

export const lawNames: readonly string[] = Object.keys(laws);

export function breachesOf(one: Case, played: Played): readonly Breach[] {
  const { result, overdue } = played;
  if (result === undefined) return [{ law: endLaw, how: `the process did not end: ${overdue}` }];
  const trial = { one, played, ...result };
  return Object.entries(laws).flatMap(([law, judge]) => judge(trial).map((how) => ({ law, how })));
}

/** Where the main step was quicker than its killer, the killer has met the post step. */
function endsGreen({ post }: Trial): string[] {
  if (post === undefined || post.exitCode === 0 || post.signal === "SIGKILL") return [];
  return [`the post step ended with ${post.exitCode ?? post.signal}`];
}

function startedOnce({ played: { runs }, main }: Trial): string[] {
  if (runs.length > 1) return [`${runs.length} runs were started`];
  if (main.exitCode === 0 && runs.length === 0) return ["green, and no run was started"];
  return [];
}

function greenOnlyWhenTrue({ one, played: { runs }, main }: Trial): string[] {
  if (main.exitCode !== 0) return [];
  const { green } = scenarioOf(one.scenario);
  const result = runs[0]?.result ?? "none";
  return green === "any" || green.includes(result) ? [] : [`green on a run whose result is ${result}`];
}

/** Whoever ends by himself names his run, unless he says that he does not know it. */
function namesItsRun({ one, played: { runs }, main: { exitCode, outputs, log } }: Trial): string[] {
  const [run] = runs;
  const errorCode = outputs["error-code"];
  const isOpen = errorCode === "start-unknown" || /Whether a run was started is not known/.test(log);
  const isOut = one.interruption?.how === "cancel in a container";
  if (run === undefined || exitCode === null || isOpen || isOut) return [];
  if (outputs["run-id"] === String(run.id)) return [];
  return [`run ${run.id} exists, and run-id is ${JSON.stringify(outputs["run-id"])} (${errorCode})`];
}

/** After a step that was cut off none of its runs goes on, unless the service refused to be asked. */
function leavesNothing({ one, played: { runs }, main: { exitCode, result } }: Trial): string[] {
  // It may have come to an end of its own before.
  const isCutOff = exitCode === null || result === "cancelled";
  if (!isCutOff || one.strikes.some(isRefusal)) return [];
  return runs
    .filter(({ status, cancelledAt }) => status !== "completed" && cancelledAt === undefined)
    .map(({ id }) => `run ${id} goes on after the step was cut off`);
}

/** A step that comes to its own end cancels nothing, unless it was told to. */
function touchesNothingElse({ one, played: { requests } }: Trial): string[] {
  if (one.interruption !== undefined || scenarioOf(one.scenario).cancels === true) return [];
  return requests.some(({ method }) => method === "PATCH")
    ? ["a run was cancelled that nobody wanted cancelled"]
    : [];
}

function speaksClearly({ one, main, post }: Trial): string[] {
  const steps = post === undefined ? [main] : [main, post];
  const traced = steps.some(({ raw }) => /^Node\.js v\d|^\s+at .*:\d+:\d+\)?$/m.test(raw));
  return [...wordsAmiss(one, main), ...(traced ? ["a stack trace was shown"] : [])];
}

/** A step that was killed, or left behind in its container, may have had no time for a word. */
function wordsAmiss(one: Case, { exitCode, outputs, annotations, result }: Ran): string[] {
  const said = annotations.filter(({ level, message }) => level === "error" && message !== runnersOwn);
  const errors = said.map(({ message }) => message);
  const code = outputs["error-code"];
  const isSpeechless = exitCode === null && errors.length === 0;
  if (exitCode === 0) return code === undefined ? [] : [`green, with error-code ${code}`];
  if (errors.length !== 1 && !isSpeechless)
    return [`red with ${errors.length} errors: ${errors.join(" / ")}`];
  // What is refused for good may have ended the step a moment before the signal.
  const isCancelled = exitCode !== null && result === "cancelled" && !one.strikes.some(isRefusal);
  return isCancelled && code !== "canceled" ? [`cancelled, with error-code ${code}`] : [];
}

const runnersOwn = "The operation was canceled.";

function neverSilent({ one: { swiftness }, played: { signs } }: Trial): string[] {
  const gaps = signs.slice(1).map((at, index) => at - (signs[index] ?? at));
  const longest = Math.max(...gaps);
  return longest <= silenceMs / swiftness + slackMs ? [] : [`silent for ${Math.round(longest / 1_000)} s`];
}

function keepsSecrets({ main, post }: Trial): string[] {
  const texts = (post === undefined ? [main] : [main, post]).flatMap(({ raw, written, annotations }) => [
    ...raw.split("\n").filter((line) => !line.startsWith("::add-mask::")),
    ...Object.values(written),
    JSON.stringify(annotations),
  ]);
  const left = texts.join("\n");
  return secrets.filter((secret) => left.includes(secret)).map((secret) => `"${secret}" was written down`);
}

function isRefusal({ trouble }: Strike): boolean {
  return troubleOf(trouble).nature === "refusal";
}
