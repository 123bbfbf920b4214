import { tagPrefix } from "./evidence.ts";

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
