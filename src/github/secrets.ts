/** Shorter ones would tear holes into numbers and words; the runner's masks hold for them alone. */
const minSecretLength = 6;

/**
 * Secrets that nothing may say again. The runner masks its log; outputs, the summary and what is sent to GitHub are
 * not its log, and the service may say back whatever it was told.
 */
export function createRedactor() {
  let secrets: readonly string[] = [];
  return {
    add: (secret: string): void => {
      const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
      const forms = lines
        .filter(({ length }) => length >= minSecretLength)
        .flatMap((line) => [line, jsonEscaped(line)]);
      // One that is part of another would leave the rest of it behind.
      secrets = [...new Set([...secrets, ...forms])].sort((a, b) => b.length - a.length);
    },
    redact: (text: string): string => {
      let redacted = text;
      for (const secret of secrets)
        if (redacted.includes(secret)) redacted = redacted.replaceAll(secret, "***");
      return redacted;
    },
  };
}

/** Outputs such as `run` are JSON before they get here. */
function jsonEscaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
