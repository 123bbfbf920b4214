import { at } from "./at.ts";

/** What is known of a start whose answer never came, without a secret: enough to know its run again. */
export interface Evidence {
  readonly pipelineId: number;
  /** What was asked for; else the pipeline's default branch: null where it has none, `undefined` while nobody has read it. */
  readonly ref: string | null | undefined;
  readonly commit: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Without the secret ones, of which only the names stand in `secrets`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
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
  readonly people: readonly string[];
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

export interface Moment {
  /** By the service's clock: nothing that was queued before this can be ours. */
  readonly since: number;
  /** Id of who the service takes us for, in lower case; `undefined` while unknown. */
  readonly me: string | undefined;
}

export type Likeness = "ours" | "perhaps" | "other";

/** All tags that this action puts on runs to know them again begin like this. */
export const tagPrefix = "run-azure-pipeline:";

/** Of these no run is one that a request like ours has started. */
const reasonsOfOthers: ReadonlySet<string> = new Set([
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

interface Asked {
  readonly pipelineId: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** By which this step knows its runs again, if it does. */
  readonly tag: string | null;
  /** What the pipeline builds where the body does not say; `undefined` while nobody has read it. */
  readonly defaultRef?: string | null | undefined;
}

/** Reads from a request's body what a run started by it would show. */
export function evidenceOf({ pipelineId, body, tag, defaultRef }: Asked): Evidence {
  const self = at(body, "resources", "repositories", "self");
  const variables = Object.entries(at(body, "variables")).map(([name, value]) => [name, at(value)] as const);
  const isSecret = ([, value]: readonly [string, Readonly<Record<string, unknown>>]) =>
    value["isSecret"] === true;
  return {
    pipelineId,
    ref: typeof self["refName"] === "string" ? self["refName"] : defaultRef,
    commit: typeof self["version"] === "string" ? self["version"] : null,
    parameters: at(body, "templateParameters"),
    variables: Object.fromEntries(
      variables.filter((entry) => !isSecret(entry)).map(([name, value]) => [name, String(value["value"])]),
    ),
    secrets: variables.filter(isSecret).map(([name]) => name),
    tag,
  };
}

/** A candidate of the service's list, with what the answer of Get Run says beyond that. */
export function enriched(candidate: Candidate, rawRun: unknown): Candidate {
  const { templateParameters, variables } = at(rawRun);
  const values = Object.entries(at(variables)).map(([name, value]) => [name, at(value)["value"]]);
  return {
    ...candidate,
    parameters: templateParameters === undefined ? candidate.parameters : at(templateParameters),
    variables: variables === undefined ? candidate.variables : Object.fromEntries(values),
  };
}

/** Whether a run is the one that was asked for. `perhaps`: nothing speaks against it, but it may be another's. */
export function likenessOf(candidate: Candidate, evidence: Evidence, { since, me }: Moment): Likeness {
  const isAnothers =
    (candidate.pipelineId !== null && candidate.pipelineId !== evidence.pipelineId) ||
    candidate.queuedAt < since ||
    (me !== undefined && candidate.people.length > 0 && !candidate.people.includes(me)) ||
    reasonsOfOthers.has(candidate.reason ?? "") ||
    candidate.tags.some((tag) => tag.startsWith(tagPrefix) && tag !== evidence.tag);
  if (isAnothers) return "other";
  const traits = [
    sameRef(evidence.ref, candidate.ref),
    sameCommit(evidence.commit?.toLowerCase() ?? null, candidate.commit?.toLowerCase() ?? null),
    agreement(evidence.parameters, candidate.parameters),
    agreement(evidence.variables, withoutOwn(candidate.variables, evidence.secrets)),
  ];
  if (traits.includes("other")) return "other";
  return traits.includes("perhaps") ? "perhaps" : "ours";
}

/** A body that its author wrote may name a branch or a tag as people do: the service makes a full ref of it. */
function sameRef(asked: Evidence["ref"], there: string | null): Likeness {
  if (asked === undefined) return "perhaps";
  const isSame = ["refs/", "refs/heads/", "refs/tags/"].some((prefix) => `${prefix}${asked}` === there);
  return isSame ? "ours" : sameText(asked, there);
}

/** What was not asked for may be anything; what is not told may be what was asked for. */
function sameText(asked: string | null, there: string | null): Likeness {
  if (asked === null || asked === there) return "ours";
  return there === null ? "perhaps" : "other";
}

/** The service shows the whole hash where a part of it was asked for. */
function sameCommit(asked: string | null, there: string | null): Likeness {
  const isPart = asked !== null && asked.length >= 7 && there?.startsWith(asked);
  return isPart ? "ours" : sameText(asked, there);
}

/** What was asked for must be there, and alike. What is there beside it may be a default, or another's wish. */
function agreement(
  asked: Readonly<Record<string, unknown>>,
  there: Readonly<Record<string, unknown>> | undefined,
): Likeness {
  const names = Object.keys(asked);
  if (there === undefined) return names.length === 0 ? "ours" : "perhaps";
  // Names are the same in upper and lower case to the service.
  const values = new Map(Object.entries(there).map(([name, value]) => [name.toLowerCase(), value]));
  const traits = names.map((name): Likeness => {
    const key = name.toLowerCase();
    return values.has(key) ? sameValue(asked[name], values.get(key)) : "other";
  });
  if (traits.includes("other")) return "other";
  return values.size > names.length || traits.includes("perhaps") ? "perhaps" : "ours";
}

/** Variables that the service adds by itself, and secrets, whose values it never shows. */
function withoutOwn(variables: Candidate["variables"], secrets: readonly string[]): Candidate["variables"] {
  if (variables === undefined) return undefined;
  const hidden = secrets.map((name) => name.toLowerCase());
  const own = Object.entries(variables).filter(
    ([name]) => !/^(system|build)\./i.test(name) && !hidden.includes(name.toLowerCase()),
  );
  return Object.fromEntries(own);
}

/**
 * A parameter travels as text and may come back as what the text says, and a boolean as `True`. What a text in YAML says
 * only the service knows.
 */
function sameValue(asked: unknown, there: unknown): Likeness {
  const [mine, theirs] = [meant(asked), meant(there)];
  if (JSON.stringify(sorted(mine)) === JSON.stringify(sorted(theirs))) return "ours";
  if (isScalar(asked) && isScalar(there) && trimmed(String(asked)) === trimmed(String(there))) return "ours";
  return (typeof mine === "string") === (typeof theirs === "string") ? "other" : "perhaps";
}

function meant(value: unknown): unknown {
  return typeof value === "string" ? parsedOr(value) : value;
}

function isScalar(value: unknown): boolean {
  return typeof value !== "object" || value === null;
}

/** Ends of lines, and what surrounds a text, need not survive the way there and back. */
function trimmed(text: string): string {
  return text.replaceAll("\r\n", "\n").trim();
}

function parsedOr(text: string): unknown {
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === "true";
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sorted(v)]),
  );
}
