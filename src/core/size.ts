const sizeUnits = ["kB", "MB", "GB", "TB"];

/** `88 kB`, `4.2 MB`: thousands, as Azure's own page has it. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  let size = bytes / 1_000;
  let unit = 0;
  // 999.6 kB would read as 1000 kB.
  while (size >= 999.5 && unit < sizeUnits.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  return `${size < 9.95 ? size.toFixed(1).replace(/\.0$/, "") : Math.round(size)} ${sizeUnits[unit]}`;
}
