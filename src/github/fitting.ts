const ellipsis = "…";

/** One line without colours and control characters. */
export function oneLine(text: string): string {
  return printable(text).replaceAll(/\s+/g, " ").trim();
}

/** Lines as they are, without colours and control characters. */
export function printable(text: string): string {
  const uncoloured = text.toWellFormed().replaceAll(/\u001b\[[0-9;:?]*[ -/]*[@-~]/g, "");
  return uncoloured.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
}

/** Cut to a number of characters, never through one. */
export function fitCharacters(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let fitting = "";
  for (const character of text) {
    if (fitting.length + character.length > limit - ellipsis.length) break;
    fitting += character;
  }
  return fitting.trimEnd() + ellipsis;
}

/** Cut to a number of bytes of UTF-8, at the end of a line where there is one. */
export function fitBytes(text: string, limit: number): string {
  const wellFormed = text.toWellFormed();
  const bytes = Buffer.from(wellFormed);
  if (bytes.length <= limit) return wellFormed;
  const end = `\n\n${ellipsis}`;
  let length = limit - Buffer.byteLength(end);
  // A byte 10xxxxxx goes on with a character that began before.
  while (((bytes[length] ?? 0) & 0xc0) === 0x80) length -= 1;
  const fitting = bytes.subarray(0, length).toString("utf8");
  const lines = fitting.lastIndexOf("\n");
  return (lines > 0 ? fitting.slice(0, lines) : fitting) + end;
}
