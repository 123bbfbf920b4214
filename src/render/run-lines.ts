import type { LogEntry } from "../core/log-line.ts";
import type { RunFacts } from "../core/model.ts";
import { asObject } from "../lib/json.ts";
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

/** `Started 20261122.3 (parameters: environment, version; variables: debug): https://…` */
export function startedLine(
  run: Pick<RunFacts, "name" | "url">,
  body: Readonly<Record<string, unknown>>,
): LogEntry {
  const given = [
    namesText("parameters", body["templateParameters"]),
    namesText("variables", body["variables"]),
  ].filter(Boolean);
  const details = given.length === 0 ? "" : ` (${given.join("; ")})`;
  return { type: "text", text: `Started ${oneLine(run.name)}${details}: ${run.url}` };
}

/** Only the names: a value may be secret. */
function namesText(kind: string, mapping: unknown): string {
  const names = Object.keys(asObject(mapping)).map((name) => clip(oneLine(name), 60));
  const shown = names.slice(0, maxNames);
  const hiddenCount = names.length - shown.length;
  if (names.length === 0) return "";
  return `${kind}: ${shown.join(", ")}${hiddenCount > 0 ? ` and ${hiddenCount} more` : ""}`;
}

const maxNames = 10;
