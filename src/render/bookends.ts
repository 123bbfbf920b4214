import type { Cause } from "../core/causes.ts";
import { durationText } from "../core/duration.ts";
import type { RunFacts } from "../core/model.ts";
import type { Tree } from "../core/nodes.ts";
import { clip, listed, oneLine } from "../core/text.ts";
import { timingsOf, type Waited } from "../core/timings.ts";
import { coded } from "./annotations.ts";
import type { Line } from "./line.ts";
import { placeWord, runMarks, runSentence, waitedWords } from "./words.ts";

interface Heading {
  readonly organization: string;
  readonly project: string;
  readonly pipeline: string;
  readonly pipelineId: number | null;
  readonly ref?: string | null | undefined;
  readonly commit?: string | null | undefined;
}

/** `contoso / web · deploy (42) · main at 4f2c1e9` */
export function headLine({ organization, project, pipeline, pipelineId, ref, commit }: Heading): Line {
  const id = pipelineId === null ? "" : ` (${pipelineId})`;
  const source = sourceText(ref, commit);
  const parts = [`${organization} / ${project}`, `${pipeline}${id}`, ...(source ? [source] : [])];
  return { type: "text", text: parts.map(oneLine).join(" · ") };
}

/** `main at 4f2c1e9`; blank while neither is known. */
function sourceText(ref: string | null | undefined, commit: string | null | undefined): string {
  return [shortRef(ref), shortCommit(commit)].filter(Boolean).join(" at ");
}

/** `main` for `refs/heads/main`; blank while unknown. */
export function shortRef(ref: string | null | undefined): string {
  return oneLine(ref?.replace(/^refs\/(?:heads|tags)\//, "") ?? "");
}

export function shortCommit(commit: string | null | undefined): string {
  return oneLine(commit?.slice(0, 7) ?? "");
}

/** `Started 20261122.3: https://…`, or what else was done with it: `Following`, `Retrying`. */
export function runLine(verb: string, run: Pick<RunFacts, "name" | "url">): Line {
  return { type: "text", text: `${verb} ${oneLine(run.name)}: ${run.url}` };
}

/** `✔ 20261122.3 succeeded: waited 14 s, ran 7 min 16 s (1 min 21 s of it for approval). https://…` */
export function endText(run: RunFacts, tree: Tree): string {
  const mark = run.result === null ? "■" : runMarks[run.result];
  return `${mark} ${outcomeText(run, tree)}. ${run.url}`;
}

/** The same, where mark and address have their own places. */
export function outcomeText(run: RunFacts, tree: Tree): string {
  const times = timesText(run, tree);
  return `${runSentence(run)}${times && `: ${times}`}`;
}

/** `waited 14 s, ran 7 min 16 s (1 min 21 s of it for approval)`; what is not known is left out. */
export function timesText(run: RunFacts, tree: Tree): string {
  const { queueMs, runMs, queueWaits, runWaits } = timingsOf(run, tree);
  const queue = queueMs === undefined ? [] : [`waited ${durationText(queueMs)}${waitsText(queueWaits)}`];
  const ran = runMs === undefined ? [] : [`ran ${durationText(runMs)}${waitsText(runWaits)}`];
  return [...queue, ...ran].join(", ");
}

function waitsText(waits: readonly Waited[]): string {
  const parts = waits.map(({ kind, ms }) => `${durationText(ms)} of it for ${waitedWords[kind]}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")})`;
}

/** The one error of a run that did not end as it should: result, first causes, address. */
export function failureMessage(run: RunFacts, causes: readonly Cause[]): string {
  return `${failureText(run, causes)} ${run.url}`;
}

/** The same, where the address has its own place. */
export function failureText(run: RunFacts, causes: readonly Cause[]): string {
  const [first, ...others] = causes;
  if (run.result === "succeeded" || run.result === null) {
    // What went wrong in a run that goes on is why a gate stays shut.
    const cause = first === undefined || run.result !== null ? "" : ` ${causeText(first)}`;
    return `${runSentence(run)}, and success-when does not hold.${cause}`;
  }
  if (first === undefined) return `${runSentence(run)}.`;
  const place = first.path === "" ? "" : `${placeWord(run)} ${oneLine(first.path)}`;
  const elsewhere = otherPlaces(first, others);
  const also = elsewhere.length > 0 ? ` Also failed: ${listed(elsewhere)}.` : "";
  return `${runSentence(run)}${place}${messageText(first)}${also}`;
}

/** `Staging › Smoke tests › Run curl: the health check failed.` */
function causeText(cause: Cause): string {
  const text = `${oneLine(cause.path)}${messageText(cause)}`.replace(/^: /, "");
  return cause.message === undefined ? `Failed: ${text}` : text;
}

function messageText({ message, issue }: Cause): string {
  const text = clip(oneLine(coded(message ?? "", issue)), 300);
  if (text === "") return ".";
  return /[.!?…]$/.test(text) ? `: ${text}` : `: ${text}.`;
}

/** Other tasks that failed by themselves: a job's echo of its task is no other place. */
function otherPlaces(first: Cause, others: readonly Cause[]): string[] {
  const placeOf = ({ jobId, taskId }: Cause) => `${jobId}/${taskId}`;
  const failed = others.filter((cause) => !cause.isConsequence && placeOf(cause) !== placeOf(first));
  return [...new Map(failed.map((cause) => [placeOf(cause), oneLine(cause.path)])).values()];
}
