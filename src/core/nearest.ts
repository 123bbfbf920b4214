interface Named {
  readonly folder: string;
  readonly name: string;
}

/** The one whose name is most like what was asked for; without a folder in it, folders only break ties. */
export function nearestTo<T extends Named>(
  { folder, name }: { readonly folder: string | undefined; readonly name: string },
  all: readonly T[],
): T | undefined {
  const distances = all.map((one) => {
    const byName = distanceOf(name, one.name);
    return folder === undefined
      ? { one, far: byName, tie: one.folder.length }
      : { one, far: byName + distanceOf(folder, one.folder), tie: byName };
  });
  return distances.toSorted((a, b) => a.far - b.far || a.tie - b.tie)[0]?.one;
}

/** Levenshtein's distance, whatever the case: how many letters to change, add or take away. */
function distanceOf(asked: string, found: string): number {
  const [a, b] = [asked.toLowerCase(), found.toLowerCase()];
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
