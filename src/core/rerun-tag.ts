import { asObject, sortKeys } from "../lib/json.ts";
import { type FingerprintSource, type StartFingerprint, tagPrefix } from "./run-matching.ts";

/** Compares fingerprints without keeping their values. */
export function fingerprintHash({ parameters, variables, secretNames }: StartFingerprint): string {
  return hashOf([parameters, variables, secretNames.toSorted()]);
}

export interface RerunTagParts {
  readonly workflowRunId: string;
  readonly attempt: number;
  /** The step's key: `rerun-key`. */
  readonly key: string;
  readonly requestHash: string;
}

/** The tag by which a later attempt of the same workflow run finds the run that this step started. */
export function rerunTag(parts: RerunTagParts): string {
  return `${rerunTagStem(parts)}${parts.requestHash}`;
}

/**
 * The tag up to the hash of the request. Characters that a tag must not contain, or that would end it in a list, are
 * replaced; a hash of the whole key distinguishes keys that differ only in such characters.
 */
export function rerunTagStem({ workflowRunId, attempt, key }: Omit<RerunTagParts, "requestHash">): string {
  const safe = key.replaceAll(/[^\w./-]/g, "_").slice(0, 120);
  const suffix = safe === key ? "" : `:${fnv1a(key).toString(36)}`;
  return `${tagPrefix}${workflowRunId}:${attempt}:${safe}${suffix}:`;
}

/** Distinguishes requests: a hash of pipeline and body, with only the names of secret variables. */
export function requestHash({ pipelineId, body }: Pick<FingerprintSource, "pipelineId" | "body">): string {
  const variables = Object.entries(asObject(body, "variables")).map(([name, value]) => {
    const isSecret = asObject(value)["isSecret"] === true;
    return [name, isSecret ? { isSecret } : value] as const;
  });
  return hashOf([pipelineId, { ...body, variables: Object.fromEntries(variables) }]);
}

function hashOf(value: unknown): string {
  const text = JSON.stringify(sortKeys(value));
  return `${fnv1a(text).toString(36)}${fnv1a(`${text} `, 0x9e3779b9).toString(36)}`;
}

/** FNV-1a over the UTF-16 units. */
function fnv1a(text: string, seed = 0x811c9dc5): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return hash;
}
