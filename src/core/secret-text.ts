export const minSecretLength = 6;

/** Words that are often passed as values and stand in many other texts. */
const commonWords: ReadonlySet<string> = new Set([
  ...["default", "develop", "development", "disabled", "enabled", "latest", "master", "preview"],
  ...["production", "release", "staging", "succeeded", "failed", "canceled", "completed"],
]);

/**
 * Whether a secret is too short or too common to be replaced in outputs, summary and check: that would damage numbers and
 * words. Only the runner's mask, which applies to the log, covers it.
 */
export function isOrdinaryText(secret: string): boolean {
  const text = secret.trim();
  return text.length < minSecretLength || commonWords.has(text.toLowerCase());
}
