// Controls, and what turns the direction of writing or hides between letters: in a name they only ever deceive.
const invisible =
  /[\p{Cc}\p{Zl}\p{Zp}\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u202A-\u202E\u2060\u2066-\u2069\u3164\uFEFF\uFFA0]/gu;
// Colours, and what a terminal takes for a title or a link.
const escapeSequence = /\u001B(?:\[[0-9:;?]*[ -/]*[@-~]|\][^\u0007\u001B]*(?:\u0007|\u001B\\)?)/g;

/** Somebody else's text as one line: no breaks, no controls, no half characters. */
export function oneLine(text: string): string {
  return unescaped(text).replaceAll(invisible, " ").replaceAll(/\s+/g, " ").trim();
}

/** Somebody else's text with its lines and tabs as they are: no controls, no half characters. */
export function printable(text: string): string {
  return unescaped(text).replaceAll(invisible, (control) => (/[\n\t]/.test(control) ? control : ""));
}

/** Dropped whole: without its escape a colour would be left behind as letters. */
function unescaped(text: string): string {
  return text.toWellFormed().replaceAll(escapeSequence, "");
}

/** Somebody else's name within a sentence. */
export function quotedName(name: string): string {
  return JSON.stringify(oneLine(name));
}

/** At most so many characters, ended between words where there is a gap near the end. */
export function clip(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const head = text
    .slice(0, maxLength - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, "");
  const lastSpace = head.lastIndexOf(" ");
  return `${(lastSpace > maxLength * 0.7 ? head.slice(0, lastSpace) : head).trimEnd()}…`;
}

/** As the beginning of a sentence. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `1 error`, `2 errors`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `a`, `a and b`, `a, b and 3 more`. */
export function listed(items: readonly string[], limit = 3): string {
  const shown = items.length > limit + 1 ? items.slice(0, limit) : items;
  const hiddenCount = items.length - shown.length;
  const all = hiddenCount > 0 ? [...shown, `${hiddenCount} more`] : shown;
  return all.length < 2 ? all.join("") : `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}
