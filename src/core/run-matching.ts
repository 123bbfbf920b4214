import { getObject } from "../lib/json.ts";

/** What is known of a start whose answer never came, without a secret: enough to know its run again. */
export interface StartFingerprint {
  readonly pipelineId: number;
  /** What was asked for; else the pipeline's default branch: null where it has none, `undefined` while nobody has read it. */
  readonly ref: string | null | undefined;
  readonly commit: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Without the secret ones, of which only the names stand in `secrets`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly secretNames: readonly string[];
  /** The tag that this step puts on its runs, if it does. */
  readonly tag: string | null;
}

/** A run that might be the one that was started. */
export interface Candidate {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly status: string;
  /** Milliseconds since 1970, by the service's clock. */
  readonly queuedAt: number;
  /** Ids of who it is for and who asked for it, in lower case. */
  readonly requesterIds: readonly string[];
  readonly pipelineId: number | null;
  readonly ref: string | null;
  readonly commit: string | null;
  /** `undefined` where the service did not say. */
  readonly parameters: Readonly<Record<string, unknown>> | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly tags: readonly string[];
  /** Why it was started, in the service's word and lower case. */
  readonly reason: string | undefined;
}

export interface MatchWindow {
  /** By the service's clock: nothing that was queued before this can be ours. */
  readonly since: number;
  /** Id of who the service takes us for, in lower case; `undefined` while unknown. */
  readonly callerId: string | undefined;
}

export type RunMatch = "exact" | "possible" | "none";

/** All tags that this action puts on runs to know them again begin like this. */
export const tagPrefix = "run-azure-pipeline:";

/** Of these no run is one that a request like ours has started. */
const nonManualReasons: ReadonlySet<string> = new Set([
  "batchedci",
  "buildcompletion",
  "checkinshelveset",
  "individualci",
  "pullrequest",
  "resourcetrigger",
  "schedule",
  "scheduleforced",
  "validateshelveset",
]);

interface FingerprintSource {
  readonly pipelineId: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** By which this step knows its runs again, if it does. */
  readonly tag: string | null;
  /** What the pipeline builds where the body does not say; `undefined` while nobody has read it. */
  readonly defaultRef?: string | null | undefined;
}

/** Reads from a request's body what a run started by it would show. */
export function fingerprintOf({ pipelineId, body, tag, defaultRef }: FingerprintSource): StartFingerprint {
  const self = getObject(body, "resources", "repositories", "self");
  const variables = Object.entries(getObject(body, "variables")).map(
    ([name, value]) => [name, getObject(value)] as const,
  );
  const isSecret = ([, value]: readonly [string, Readonly<Record<string, unknown>>]) =>
    value["isSecret"] === true;
  return {
    pipelineId,
    ref: typeof self["refName"] === "string" ? self["refName"] : defaultRef,
    commit: typeof self["version"] === "string" ? self["version"] : null,
    parameters: getObject(body, "templateParameters"),
    variables: Object.fromEntries(
      variables.filter((entry) => !isSecret(entry)).map(([name, value]) => [name, String(value["value"])]),
    ),
    secretNames: variables.filter(isSecret).map(([name]) => name),
    tag,
  };
}

/** A candidate of the service's list, with what the answer of Get Run says beyond that. */
export function withRunDetails(candidate: Candidate, rawRun: unknown): Candidate {
  const { templateParameters, variables } = getObject(rawRun);
  const values = Object.entries(getObject(variables)).map(([name, value]) => [
    name,
    getObject(value)["value"],
  ]);
  return {
    ...candidate,
    parameters: templateParameters === undefined ? candidate.parameters : getObject(templateParameters),
    variables: variables === undefined ? candidate.variables : Object.fromEntries(values),
  };
}

/** Whether a run is the one that was asked for. `perhaps`: nothing speaks against it, but it may be another's. */
export function matchRun(
  candidate: Candidate,
  fingerprint: StartFingerprint,
  { since, callerId }: MatchWindow,
): RunMatch {
  const isExcluded =
    (candidate.pipelineId !== null && candidate.pipelineId !== fingerprint.pipelineId) ||
    candidate.queuedAt < since ||
    (callerId !== undefined &&
      candidate.requesterIds.length > 0 &&
      !candidate.requesterIds.includes(callerId)) ||
    nonManualReasons.has(candidate.reason ?? "") ||
    candidate.tags.some((tag) => tag.startsWith(tagPrefix) && tag !== fingerprint.tag);
  if (isExcluded) return "none";
  const matches = [
    compareRef(fingerprint.ref, candidate.ref),
    compareCommit(fingerprint.commit?.toLowerCase() ?? null, candidate.commit?.toLowerCase() ?? null),
    compareNamedValues(fingerprint.parameters, candidate.parameters),
    compareNamedValues(
      fingerprint.variables,
      comparableVariables(candidate.variables, fingerprint.secretNames),
    ),
  ];
  if (matches.includes("none")) return "none";
  return matches.includes("possible") ? "possible" : "exact";
}

/** A body that its author wrote may name a branch or a tag as people do: the service makes a full ref of it. */
function compareRef(requested: StartFingerprint["ref"], actual: string | null): RunMatch {
  if (requested === undefined) return "possible";
  const isSame = ["refs/", "refs/heads/", "refs/tags/"].some((prefix) => `${prefix}${requested}` === actual);
  return isSame ? "exact" : compareText(requested, actual);
}

/** What was not asked for may be anything; what is not told may be what was asked for. */
function compareText(requested: string | null, actual: string | null): RunMatch {
  if (requested === null || requested === actual) return "exact";
  return actual === null ? "possible" : "none";
}

/** The service shows the whole hash where a part of it was asked for. */
function compareCommit(requested: string | null, actual: string | null): RunMatch {
  const isPrefix = requested !== null && requested.length >= 7 && actual?.startsWith(requested);
  return isPrefix ? "exact" : compareText(requested, actual);
}

/** What was asked for must be there, and alike. What is there beside it may be a default, or another's wish. */
function compareNamedValues(
  requested: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>> | undefined,
): RunMatch {
  const names = Object.keys(requested);
  if (actual === undefined) return names.length === 0 ? "exact" : "possible";
  // Names are the same in upper and lower case to the service.
  const values = new Map(Object.entries(actual).map(([name, value]) => [name.toLowerCase(), value]));
  const matches = names.map((name): RunMatch => {
    const key = name.toLowerCase();
    return values.has(key) ? compareValue(requested[name], values.get(key)) : "none";
  });
  if (matches.includes("none")) return "none";
  return values.size > names.length || matches.includes("possible") ? "possible" : "exact";
}

/** Variables that the service adds by itself, and secrets, whose values it never shows. */
function comparableVariables(
  variables: Candidate["variables"],
  secretNames: readonly string[],
): Candidate["variables"] {
  if (variables === undefined) return undefined;
  const excluded = secretNames.map((name) => name.toLowerCase());
  const comparable = Object.entries(variables).filter(
    ([name]) => !/^(system|build)\./i.test(name) && !excluded.includes(name.toLowerCase()),
  );
  return Object.fromEntries(comparable);
}

/**
 * A parameter travels as text and may come back as what the text says, and a boolean as `True`. What a text in YAML says
 * only the service knows.
 */
function compareValue(requested: unknown, actual: unknown): RunMatch {
  const [requestedValue, actualValue] = [normalizeValue(requested), normalizeValue(actual)];
  if (JSON.stringify(sortKeys(requestedValue)) === JSON.stringify(sortKeys(actualValue))) return "exact";
  if (
    isScalar(requested) &&
    isScalar(actual) &&
    normalizeText(String(requested)) === normalizeText(String(actual))
  )
    return "exact";
  return (typeof requestedValue === "string") === (typeof actualValue === "string") ? "none" : "possible";
}

function normalizeValue(value: unknown): unknown {
  return typeof value === "string" ? parseScalar(value) : value;
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

/** Ends of lines, and what surrounds a text, need not survive the way there and back. */
function normalizeText(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}

function parseScalar(text: string): unknown {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sortKeys(v)]),
  );
}

/**
 * The tag by which a later attempt of the same workflow run knows this step's run again. What a tag may not hold, or
 * would end it in a list, is replaced; a number made of the whole key keeps two such keys apart.
 */
export function rerunTag(workflowRunId: string, key: string): string {
  const safe = key.replaceAll(/[^\w./-]/g, "_").slice(0, 120);
  const suffix = safe === key ? "" : `:${fnv1a(key).toString(36)}`;
  return `${tagPrefix}${workflowRunId}:${safe}${suffix}`;
}

/** FNV-1a over the UTF-16 units. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
