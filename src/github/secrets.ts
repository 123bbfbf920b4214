/** Shorter ones would tear holes into numbers and words; the runner's masks hold for them alone. */
const shortest = 6;

/**
 * Secrets that nothing may say again. The runner masks its log; outputs, the summary and what is sent to GitHub are
 * not its log, and the service may say back whatever it was told.
 */
export function createSecrets() {
  let known: readonly string[] = [];
  return {
    add: (secret: string): void => {
      const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
      const forms = lines.filter(({ length }) => length >= shortest).flatMap((line) => [line, inJson(line)]);
      // One that is part of another would leave the rest of it behind.
      known = [...new Set([...known, ...forms])].sort((a, b) => b.length - a.length);
    },
    hide: (text: string): string => {
      let shown = text;
      for (const secret of known) if (shown.includes(secret)) shown = shown.replaceAll(secret, "***");
      return shown;
    },
  };
}

/** Outputs such as `run` are JSON before they get here. */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
