/**
 * Makes text from elsewhere harmless in the job's log.
 *
 * The runner reads commands from whatever a step prints: `::name::` at the start of a line, after any white space,
 * and `##[name]` anywhere in it; CR, LF and both together end a line. It compares by culture, so characters that are
 * not seen count as not there. Hence: nothing invisible stays, and neither marker does.
 */

const trouble = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]|##\[|^\s*::|[\ud800-\udfff]/u;
/** What most lines are made of: none of these can be in the way, and looking for anything else is quick. */
const uncommon = /[^\t -~\u2500-\u257f]/;
const colour = /\u001b\[[0-9;]{0,20}m/g;
const unseen = /[^\P{Cc}\t\u001b]|\p{Cf}|\p{Default_Ignorable_Code_Point}|[\u2028\u2029]|\p{Cs}/gu;
const reset = "\u001b[0m";

/** The lines of a text, none of which is a command. Tabs and colours stay. */
export function harmlessLines(text: string): readonly string[] {
  const isCommon = !uncommon.test(text) && !text.includes("##[") && !text.includes("::");
  if (isCommon || !trouble.test(text)) return [text];
  return text.split(/\r\n|\r|\n/).map(harmlessLine);
}

/** The same, in one line. */
export function harmlessText(text: string): string {
  return harmlessLines(text).join(" ");
}

function harmlessLine(line: string): string {
  const seen = withoutStrayEscapes(line.replace(unseen, ""));
  // Colours are not seen either: a marker that they part, or hide, is a marker.
  const bare = seen.replace(colour, "");
  const isPlain = !bare.includes("##[") && !/^\s*::/.test(bare);
  const text = isPlain ? seen : bare.replaceAll("##[", "## [").replace(/^(\s*)::/, "$1: :");
  return text.includes("\u001b") && !text.endsWith(reset) ? text + reset : text;
}

function withoutStrayEscapes(line: string): string {
  if (!line.includes("\u001b")) return line;
  const colours = line.match(colour) ?? [];
  return line
    .split(colour)
    .map((part, index) => part.replaceAll("\u001b", "") + (colours[index] ?? ""))
    .join("");
}
