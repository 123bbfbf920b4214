import { withoutTerminalControl } from "../lib/text.ts";

/**
 * Makes text from elsewhere harmless in the job's log.
 *
 * The runner reads commands from whatever a step prints: `::name::` at the start of a line, after any white space,
 * and `##[name]` anywhere in it; CR, LF and both together end a line. It compares by culture, so characters that are
 * not seen count as not there. Hence: nothing invisible stays, and neither marker does.
 */

const unsafePattern =
  /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]|##\[|^\s*::|[\ud800-\udfff]/u;

/** What most lines are made of: none of these can be in the way, and looking for anything else is quick. */
const uncommonCharacter = /[^\t -~\u2500-\u257f]/;

const colour = /\u001b\[[0-9;]{0,20}m/g;

const invisibleCharacters =
  /[^\P{Cc}\t\u001b]|\p{Cf}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029]|\p{Cs}/gu;

const reset = "\u001b[0m";

/** The lines of a text, none of which is a command. Tabs and colours stay. */
export function sanitizeLines(text: string): readonly string[] {
  const isCommon = !uncommonCharacter.test(text) && !text.includes("##[") && !text.includes("::");
  if (isCommon || !unsafePattern.test(text)) return [text];
  return text.split(/\r\n|\r|\n/).map(sanitizeLine);
}

/** The same, in one line. */
export function sanitizeText(text: string): string {
  return sanitizeLines(text).join(" ");
}

function sanitizeLine(line: string): string {
  const visible = withoutTerminalControl(line, { keepColours: true }).replace(invisibleCharacters, "");
  // Colours are not seen either: a marker that they part, or hide, is a marker.
  const withoutColours = visible.replace(colour, "");
  const isPlain = !withoutColours.includes("##[") && !/^\s*::/.test(withoutColours);
  const text = isPlain ? visible : withoutColours.replaceAll("##[", "## [").replace(/^(\s*)::/, "$1: :");
  return text.includes("\u001b") && !text.endsWith(reset) ? text + reset : text;
}

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
