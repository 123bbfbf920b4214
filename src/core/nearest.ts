interface NamedItem {
  readonly folder: string;
  readonly name: string;
}

/** The one whose name is most like what was asked for; without a folder in it, folders only break ties. */
export function closestMatch<T extends NamedItem>(
  { folder, name }: { readonly folder: string | undefined; readonly name: string },
  items: readonly T[],
): T | undefined {
  const distances = items.map((one) => {
    const byName = editDistance(name, one.name);
    return folder === undefined
      ? { one, distance: byName, tieBreaker: one.folder.length }
      : { one, distance: byName + editDistance(folder, one.folder), tieBreaker: byName };
  });
  return distances.toSorted((a, b) => a.distance - b.distance || a.tieBreaker - b.tieBreaker)[0]?.one;
}

/** Levenshtein's distance, whatever the case: how many letters to change, add or take away. */
function editDistance(query: string, candidate: string): number {
  const [a, b] = [query.toLowerCase(), candidate.toLowerCase()];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
