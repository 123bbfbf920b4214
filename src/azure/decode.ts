import type { RunFacts, RunResult, RunStatus } from "../core/model.ts";
import type { ProjectNames } from "../core/project.ts";
import { oneLine } from "../core/text.ts";
import { PassingError } from "../errors.ts";

/** An answer's object, read field by field: what is absent or of another kind is `undefined`. */
export type Fields = Readonly<Record<string, unknown>>;

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function numberOf(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A date, or null for none: the service writes "never" as the year 1. */
export function dateOf(value: unknown): string | null {
  if (typeof value !== "string" || value.startsWith("0001-") || Number.isNaN(Date.parse(value))) return null;
  return value;
}

const statuses: ReadonlyMap<string, RunStatus> = new Map([
  ["none", "notStarted"],
  ["notstarted", "notStarted"],
  ["postponed", "postponed"],
  ["inprogress", "inProgress"],
  ["cancelling", "canceling"],
  ["completed", "completed"],
]);

const results: ReadonlyMap<string, RunResult> = new Map([
  ["succeeded", "succeeded"],
  ["partiallysucceeded", "partiallySucceeded"],
  ["failed", "failed"],
  ["canceled", "canceled"],
]);

/**
 * A build, in our words: an unknown status counts as still running, an unknown result as failed.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/get
 */
export function decodeBuild(answer: unknown, fallbackUrl: (id: number) => string): RunFacts {
  const build = fieldsOf(answer);
  const id = numberOf(build["id"]);
  const word = textOf(build["status"]);
  if (id === null || word === null) throw new PassingError("the answer was not a run: it lacks id or status");
  const status = statuses.get(word.toLowerCase()) ?? "inProgress";
  const definition = fieldsOf(build["definition"]);
  const done = status === "completed";
  return {
    id,
    name: textOf(build["buildNumber"]) ?? String(id),
    status,
    ...decodeResult(done ? (textOf(build["result"]) ?? "none") : null),
    url: webAddress(build) ?? fallbackUrl(id),
    pipeline: {
      id: numberOf(definition["id"]),
      name: textOf(definition["name"]),
      folder: textOf(definition["path"]),
    },
    source: { ref: textOf(build["sourceBranch"]), commit: textOf(build["sourceVersion"]) },
    project: decodeProject(build["project"]),
    createdAt: dateOf(build["queueTime"]),
    startedAt: dateOf(build["startTime"]),
    finishedAt: done ? dateOf(build["finishTime"]) : null,
    requestedBy: textOf(fieldsOf(build["requestedFor"])["displayName"]),
    tags: listOf(build["tags"]).filter((tag) => typeof tag === "string"),
    problems: listOf(build["validationResults"]).flatMap(decodeProblem),
    raw: answer,
  };
}

export function decodeProject(value: unknown): ProjectNames | undefined {
  const { id, name } = fieldsOf(value);
  return value === undefined ? undefined : { id: textOf(id), name: textOf(name) };
}

/** Warnings are no reason. */
function decodeProblem(value: unknown): string[] {
  const { result, message } = fieldsOf(value);
  const text = textOf(message);
  return text === null || oneLine(text) === "" || textOf(result)?.toLowerCase() !== "error" ? [] : [text];
}

function decodeResult(word: string | null): Pick<RunFacts, "result" | "strangeResult"> {
  if (word === null) return { result: null, strangeResult: undefined };
  const known = results.get(word.toLowerCase());
  return { result: known ?? "failed", strangeResult: known === undefined ? word : undefined };
}

/** Where a person looks at the run. Anything but a web address is no link. */
export function webAddress(answer: Fields): string | undefined {
  const href = textOf(fieldsOf(fieldsOf(answer["_links"])["web"])["href"]);
  const url = href === null ? null : URL.parse(href);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}
