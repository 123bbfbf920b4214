const ellipsis = "…";

/** Cut to a number of bytes of UTF-8, at the end of a line where there is one. */
export function truncateBytes(text: string, limit: number): string {
  const wellFormed = text.toWellFormed();
  const bytes = Buffer.from(wellFormed);
  if (bytes.length <= limit) return wellFormed;
  const suffix = `\n\n${ellipsis}`;
  let length = limit - Buffer.byteLength(suffix);
  // A byte 10xxxxxx goes on with a character that began before.
  while (((bytes[length] ?? 0) & 0xc0) === 0x80) length -= 1;
  const truncated = bytes.subarray(0, length).toString("utf8");
  const lastLineBreak = truncated.lastIndexOf("\n");
  return (lastLineBreak > 0 ? truncated.slice(0, lastLineBreak) : truncated) + suffix;
}
