import { asObject, parseJson, sortKeys } from "../lib/json.ts";
import type { RunStatus } from "./model.ts";

/** What a start requested, without secrets: enough to recognise its run. */
export interface StartFingerprint {
  readonly pipelineId: number;
  /** The requested ref, else the pipeline's default branch: null if it has none, `undefined` while it has not been read. */
  readonly ref: string | null | undefined;
  readonly commit: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Without the secret variables, of which only the names are kept, in `secretNames`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly secretNames: readonly string[];
  /** The tag that this step adds to its runs, if it does. */
  readonly tag: string | null;
  /** Parameters and variables are unknown, so no run is an exact match. */
  readonly isPartial?: boolean;
}

/** A run that may be the one that was started. */
export interface Candidate {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  readonly status: RunStatus;
  /** Milliseconds since 1970, by the service's clock; null if unknown. */
  readonly queuedAt: number | null;
  /** Ids of the identities that requested the run, or that it was requested for, in lower case. */
  readonly requesterIds: readonly string[];
  readonly pipelineId: number | null;
  readonly ref: string | null;
  readonly commit: string | null;
  /** `undefined` if unknown. */
  readonly parameters: Readonly<Record<string, unknown>> | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly tags: readonly string[];
  /** The service's reason for the run, in lower case. */
  readonly reason: string | undefined;
}

/** Times of a start, and of the list of runs that was read after it, by one clock. Milliseconds since 1970. */
interface ClockReading {
  /** When the first request was sent. */
  readonly startedAt: number;
  /** When the list was read. */
  readonly listedAt: number;
  /** The resolution of the clock. */
  readonly toleranceMs: number;
}

export interface MatchWindow {
  /** The runner's clock, and the service's if the response had a date. */
  readonly clocks: readonly ClockReading[];
  /** Id of the identity that sends the action's requests, in lower case; `undefined` while unknown. */
  readonly callerId: string | undefined;
  /** Runs of other steps of this job, which cannot be the one to find. */
  readonly receivedIds: ReadonlySet<number>;
}

/** `possible`: nothing contradicts it, but something is unknown. */
export type RunMatch = "exact" | "possible" | "none";

/** The prefix of the tags by which this action recognises its runs. */
export const tagPrefix = "run-azure-pipeline:";

/** Reasons that a run started by Run Pipeline never has. */
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

export interface FingerprintSource {
  readonly pipelineId: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** The tag by which this step recognises its runs, if it has one. */
  readonly tag: string | null;
  /** What the pipeline builds if the body has no ref; `undefined` while it has not been read. */
  readonly defaultRef?: string | null | undefined;
}

/** Reads from a request's body the properties that its run will have. */
export function fingerprintOf({ pipelineId, body, tag, defaultRef }: FingerprintSource): StartFingerprint {
  const self = asObject(body, "resources", "repositories", "self");
  const variables = Object.entries(asObject(body, "variables")).map(
    ([name, value]) => [name, asObject(value)] as const,
  );
  const isSecret = ([, value]: readonly [string, Readonly<Record<string, unknown>>]) =>
    value["isSecret"] === true;
  return {
    pipelineId,
    ref: typeof self["refName"] === "string" ? self["refName"] : defaultRef,
    commit: typeof self["version"] === "string" ? self["version"] : null,
    parameters: asObject(body, "templateParameters"),
    variables: Object.fromEntries(
      variables.filter((entry) => !isSecret(entry)).map(([name, value]) => [name, String(value["value"])]),
    ),
    secretNames: variables.filter(isSecret).map(([name]) => name),
    tag,
  };
}

/** A candidate from the list of runs, completed by the response of Get Run. */
export function withRunDetails(candidate: Candidate, rawRun: unknown): Candidate {
  const { templateParameters, variables } = asObject(rawRun);
  const values = Object.entries(asObject(variables)).map(([name, value]) => [name, asObject(value)["value"]]);
  return {
    ...candidate,
    parameters: templateParameters === undefined ? candidate.parameters : asObject(templateParameters),
    variables: variables === undefined ? candidate.variables : Object.fromEntries(values),
  };
}

/** Whether a run was started by a request whose response was lost. */
export function matchStart(
  candidate: Candidate,
  fingerprint: StartFingerprint,
  { clocks, callerId, receivedIds }: MatchWindow,
): RunMatch {
  const isOtherStep =
    receivedIds.has(candidate.id) ||
    candidate.tags.some((tag) => tag.startsWith(tagPrefix) && tag !== fingerprint.tag);
  if (isOtherStep) return "none";
  return weakest([
    matchIdentity(candidate, callerId),
    compareQueueTime(candidate.queuedAt, clocks),
    matchRequest(candidate, fingerprint),
  ]);
}

/** Whether a run was started by this identity, through the API or by hand. */
export function matchIdentity(
  { requesterIds, reason = "" }: Pick<Candidate, "requesterIds" | "reason">,
  callerId: string | undefined,
): RunMatch {
  if (nonManualReasons.has(reason)) return "none";
  if (callerId === undefined || requesterIds.length === 0) return "possible";
  return requesterIds.includes(callerId) ? "exact" : "none";
}

/** Whether a run shows what was requested: pipeline, ref, commit, parameters and variables. Secrets are not compared. */
export function matchRequest(candidate: Candidate, fingerprint: StartFingerprint): RunMatch {
  return weakest([
    fingerprint.isPartial === true ? "possible" : "exact",
    candidate.pipelineId === null
      ? "possible"
      : candidate.pipelineId === fingerprint.pipelineId
        ? "exact"
        : "none",
    compareRef(fingerprint.ref, candidate.ref),
    compareCommit(fingerprint.commit?.toLowerCase() ?? null, candidate.commit?.toLowerCase() ?? null),
    compareNamedValues(fingerprint.parameters, candidate.parameters),
    compareNamedValues(fingerprint.variables, comparableVariables(candidate.variables, fingerprint)),
  ]);
}

export function weakest(matches: readonly RunMatch[]): RunMatch {
  if (matches.includes("none")) return "none";
  return matches.includes("possible") ? "possible" : "exact";
}

/** A run that was queued up to this long before the request may still be its run, since clocks differ. Milliseconds. */
const doubtBeforeMs = 5 * 60_000;

/** The same with only one clock, which may be wrong by hours. */
const doubtBeforeWithOneClockMs = 24 * 3_600_000;

/** A time in whole seconds may be a second too early. */
function compareQueueTime(queuedAt: number | null, clocks: readonly ClockReading[]): RunMatch {
  if (queuedAt === null) return "possible";
  const isSingle = clocks.length < 2;
  const doubtMs = isSingle ? doubtBeforeWithOneClockMs : doubtBeforeMs;
  const resolutionMs = queuedAt % 1_000 === 0 ? 999 : 0;
  const isAfter = ({ startedAt, toleranceMs }: ClockReading) =>
    queuedAt + resolutionMs >= startedAt - toleranceMs;
  if (clocks.every(({ startedAt }) => queuedAt < startedAt - doubtMs)) return "none";
  const isInFuture = clocks.every(({ listedAt }) => queuedAt > listedAt + doubtBeforeMs);
  return clocks.every(isAfter) && !isSingle && !isInFuture ? "exact" : "possible";
}

/** Whether a list that goes back to this run covers the time of a start, by every clock. */
export function isBeforeStart({ queuedAt }: Pick<Candidate, "queuedAt">, { clocks }: MatchWindow): boolean {
  return queuedAt !== null && compareQueueTime(queuedAt, clocks) === "none";
}

/** `request-body` may contain the short name of a branch or tag, which the service expands to a full ref. */
function compareRef(requested: StartFingerprint["ref"], actual: string | null): RunMatch {
  // A run of any branch would match, so a match is not evidence.
  if (requested === undefined || requested === null) return "possible";
  const isSame = ["refs/", "refs/heads/", "refs/tags/"].some((prefix) => `${prefix}${requested}` === actual);
  return isSame ? "exact" : compareText(requested, actual);
}

/** A value that was not requested matches anything; a value that the service omits is unknown. */
function compareText(requested: string | null, actual: string | null): RunMatch {
  if (requested === null || requested === actual) return "exact";
  return actual === null ? "possible" : "none";
}

/** The service returns the full hash if an abbreviated one was requested. */
function compareCommit(requested: string | null, actual: string | null): RunMatch {
  const isPrefix = requested !== null && requested.length >= 7 && actual?.startsWith(requested);
  return isPrefix ? "exact" : compareText(requested, actual);
}

/** Requested values must be present and equal. Further values may be defaults, or come from another request. */
function compareNamedValues(
  requested: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>> | undefined,
): RunMatch {
  const names = Object.keys(requested);
  if (actual === undefined) return names.length === 0 ? "exact" : "possible";
  // Names are case-insensitive in the service.
  const values = new Map(Object.entries(actual).map(([name, value]) => [name.toLowerCase(), value]));
  const matches = names.map((name): RunMatch => {
    const key = name.toLowerCase();
    return values.has(key) ? compareValue(requested[name], values.get(key)) : "none";
  });
  return weakest([...matches, values.size > names.length ? "possible" : "exact"]);
}

/** Without variables that the service adds by itself, and without secrets. */
function comparableVariables(
  actual: Candidate["variables"],
  { variables, secretNames }: StartFingerprint,
): Candidate["variables"] {
  if (actual === undefined) return undefined;
  const lowerCase = (names: readonly string[]) => new Set(names.map((name) => name.toLowerCase()));
  const [requested, secret] = [lowerCase(Object.keys(variables)), lowerCase(secretNames)];
  const isAdded = (name: string) => /^(system|build)\./.test(name) && !requested.has(name);
  const comparable = Object.entries(actual).filter(
    ([name]) => !isAdded(name.toLowerCase()) && !secret.has(name.toLowerCase()),
  );
  return Object.fromEntries(comparable);
}

/**
 * A parameter is sent as text, and may be returned as the value that the text denotes, and a boolean as `True`. Only the
 * service knows what a YAML text denotes.
 */
function compareValue(requested: unknown, actual: unknown): RunMatch {
  const [requestedValue, actualValue] = [normalizeValue(requested), normalizeValue(actual)];
  const isSameText =
    isScalar(requested) &&
    isScalar(actual) &&
    normalizeText(String(requested)) === normalizeText(String(actual));
  if (isSameText) return "exact";
  if (JSON.stringify(sortKeys(requestedValue)) === JSON.stringify(sortKeys(actualValue))) {
    // 1.10 and 1.1 are the same number, but different versions.
    const areTexts = typeof requested === "string" && typeof actual === "string";
    return areTexts && typeof requestedValue === "number" ? "possible" : "exact";
  }
  return (typeof requestedValue === "string") === (typeof actualValue === "string") ? "none" : "possible";
}

function normalizeValue(value: unknown): unknown {
  return typeof value === "string" ? parseScalar(value) : value;
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

/** The service may change line ends and surrounding white space. */
function normalizeText(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}

function parseScalar(text: string): unknown {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  const value = parseJson(text);
  return value === undefined ? text : value;
}
