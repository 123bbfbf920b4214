import type { LogEntry } from "../core/log-line.ts";
import type { RunFacts } from "../core/model.ts";
import { clip, oneLine } from "../lib/text.ts";

interface RunHeader {
  readonly organization: string;
  readonly project: string;
  readonly pipeline: string;
  readonly pipelineId: number | null;
  readonly ref?: string | null | undefined;
  readonly commit?: string | null | undefined;
}

/** `contoso / web · deploy (42) · main at 4f2c1e9` */
export function headerLine({
  organization,
  project,
  pipeline,
  pipelineId,
  ref,
  commit,
}: RunHeader): LogEntry {
  const id = pipelineId === null ? "" : ` (${pipelineId})`;
  const refAndCommit = sourceText(ref, commit);
  const parts = [`${organization} / ${project}`, `${pipeline}${id}`, ...(refAndCommit ? [refAndCommit] : [])];
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

/** `Started 20261122.3: https://…`, or what else was done with it: `Found 20261122.3 (queued by schedule): https://…` */
export function runLine(verb: string, run: Pick<RunFacts, "name" | "url">, origin?: string): LogEntry {
  const suffix = origin === undefined ? "" : ` (${origin})`;
  return { type: "text", text: `${verb} ${oneLine(run.name)}${suffix}: ${run.url}` };
}

/** The last line of a step whose action failed, or that was cancelled. */
export function errorLine(message: string, isCanceled: boolean): string {
  return `${isCanceled ? "⊘" : "✘"} ${clip(oneLine(message), 1_000)}`;
}

/** The last line of a step that leaves the run running after its timeout. */
export function leftLine({ name, url }: Pick<RunFacts, "name" | "url">, elapsed: string): string {
  return `■ ${oneLine(name)} was left running after ${elapsed}. ${url}`;
}
