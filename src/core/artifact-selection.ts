import { listed, quotedName } from "../lib/text.ts";

interface ArtifactSelection<T> {
  readonly found: readonly T[];
  /** Names that were asked for and do not exist. */
  readonly missing: readonly string[];
}

/** The artifacts that a list of names means; `*` means all of them. Each once. */
export function selectArtifacts<T extends { readonly name: string }>(
  requested: readonly string[],
  available: readonly T[],
): ArtifactSelection<T> {
  const names = new Set(requested);
  const found = available.filter(({ name }) => names.has("*") || names.has(name));
  const missing = [...names].filter(
    (name) => name !== "*" && !available.some((artifact) => artifact.name === name),
  );
  return { found, missing };
}

/** What is missing, and what there is instead. */
export function missingArtifactsMessage(
  missing: readonly string[],
  available: readonly { readonly name: string }[],
): string {
  const what = `The run has no artifact ${missing.map(quotedName).join(" or ")}`;
  if (available.length === 0) return `${what}; it has none at all.`;
  const names = available.map(({ name }) => quotedName(name));
  return `${what}; it has ${listed(names, 20)}.`;
}
