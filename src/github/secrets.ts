/** Shorter ones would tear holes into numbers and words; the runner's masks hold for them alone. */
const shortest = 6;

/**
 * Secrets that nothing may say again. The runner masks its log; outputs, the summary and what is sent to GitHub are
 * not its log, and the service may say back whatever it was told.
 */
export function createSecrets() {
  const known = new Set<string>();
  return {
    add: (secret: string): void => {
      for (const line of secret.split(/[\r\n]+/)) {
        const plain = line.trim();
        if (plain.length >= shortest) known.add(plain);
      }
    },
    hide: (text: string): string => {
      let shown = text;
      for (const secret of known) if (shown.includes(secret)) shown = shown.replaceAll(secret, "***");
      return shown;
    },
  };
}
