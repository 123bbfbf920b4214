import { firstPlace, type RootCause } from "../core/failures.ts";
import type { RunFacts } from "../core/model.ts";
import { timingsOf, type WaitTime } from "../core/progress.ts";
import type { RunTree } from "../core/run-tree.ts";
import { clip, listed, oneLine } from "../lib/text.ts";
import { durationText } from "../lib/time.ts";
import { placeText, withIssueCode } from "./annotations.ts";
import { acceptedSuffix, locationPrefix, rejectedSuffix, runSentence, waitTimeLabels } from "./labels.ts";

/**
 * The last line of a step that succeeds: `✔ 20261122.3 succeeded: waited 14 s, ran 7 min 16 s (1 min 21 s of it for
 * approval). https://…` `stages`: what it waited for instead of the run.
 */
export function successLine(run: RunFacts, tree: RunTree, stages: readonly string[] = []): string {
  if (stages.length > 0 && run.result !== "succeeded")
    return `✔ ${listed(stages.map(oneLine))} succeeded. ${runSentence(run)}. ${run.url}`;
  const timing = timingText(run, tree);
  const acceptance = run.result === "succeeded" ? "" : acceptedSuffix;
  return `✔ ${runSentence(run)}${acceptance}${timing && `: ${timing}`}. ${run.url}`;
}

/** The result and the duration of a run, without symbol and URL. */
export function outcomeText(run: RunFacts, tree: RunTree): string {
  const timing = timingText(run, tree);
  return `${runSentence(run)}${timing && `: ${timing}`}`;
}

/** `waited 14 s, ran 7 min 16 s (1 min 21 s of it for approval)`; unknown parts are omitted. */
export function timingText(run: RunFacts, tree: RunTree): string {
  const { queueMs, runMs, queueWaitTimes, runWaitTimes } = timingsOf(run, tree);
  const queue =
    queueMs === undefined ? [] : [`waited ${durationText(queueMs)}${waitTimesText(queueWaitTimes)}`];
  const ran = runMs === undefined ? [] : [`ran ${durationText(runMs)}${waitTimesText(runWaitTimes)}`];
  return [...queue, ...ran].join(", ");
}

function waitTimesText(waitTimes: readonly WaitTime[]): string {
  const parts = waitTimes.map(({ kind, ms }) => `${durationText(ms)} of it for ${waitTimeLabels[kind]}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** The error for an unsuccessful run: result, first causes, URL. */
export function failureMessage(run: RunFacts, causes: readonly RootCause[]): string {
  return `${failureText(run, causes)} ${run.url}`;
}

/** The same without the URL. */
export function failureText(run: RunFacts, causes: readonly RootCause[]): string {
  const [first, ...others] = causes;
  if (run.result === "succeeded" || run.result === null) {
    // The causes in a run that is still running explain why the condition does not hold.
    const cause = run.result === null ? firstCauseText(causes) : "";
    return [`${runSentence(run)}${rejectedSuffix}.`, cause].filter(Boolean).join(" ");
  }
  if (first === undefined) return `${runSentence(run)}.`;
  const place = placeText(first);
  const location = place === "" ? "" : `${locationPrefix(run, causes)} ${place}`;
  const otherNames = otherLocations(first, others);
  const alsoFailed = otherNames.length > 0 ? ` Also failed: ${listed(otherNames)}.` : "";
  return `${runSentence(run)}${location}${messageText(first)}${alsoFailed}`;
}

/** `Staging › Smoke tests › Run curl: the health check failed.`; blank without causes. */
export function firstCauseText([cause]: readonly RootCause[]): string {
  if (cause === undefined) return "";
  const text = `${placeText(cause)}${messageText(cause)}`.replace(/^: /, "");
  return cause.message === undefined ? `Failed: ${text}` : text;
}

function messageText(cause: RootCause): string {
  const text = clip(fullMessage(cause), maxMessageLength);
  if (text === "") return ".";
  return /[.!?…]$/.test(text) ? `: ${text}` : `: ${text}.`;
}

const maxMessageLength = 300;

function fullMessage({ message, issue }: RootCause): string {
  return oneLine(withIssueCode(message ?? "", issue));
}

/** The first cause if the error for an unsuccessful run contains its whole message. */
export function causeInFailureMessage([first]: readonly RootCause[]): RootCause | undefined {
  return first === undefined || fullMessage(first).length > maxMessageLength ? undefined : first;
}

/** Other tasks that failed by themselves; a job that repeats its task is not another place. */
function otherLocations(first: RootCause, others: readonly RootCause[]): string[] {
  const locationKey = ({ jobId, taskId }: RootCause) => `${jobId}/${taskId}`;
  const failed = others.filter((cause) => !cause.isConsequence && locationKey(cause) !== locationKey(first));
  return [...new Map(failed.map((cause) => [locationKey(cause), oneLine(cause.path)])).values()];
}

/** The last line of a step that fails, below the excerpts: `✘ 20261122.3 failed in Staging › Smoke tests. https://…` */
export function failureLine(run: RunFacts, causes: readonly RootCause[]): string {
  const { name, otherCount } = firstPlace(causes);
  const isRejected = run.result === null || run.result === "succeeded";
  const others = otherCount > 0 ? ` and ${otherCount} more` : "";
  const location =
    name === "" || isRejected ? "" : `${locationPrefix(run, causes)} ${oneLine(name)}${others}`;
  const rejection = isRejected ? rejectedSuffix : "";
  return `✘ ${runSentence(run)}${location}${rejection}. ${run.url}`;
}
