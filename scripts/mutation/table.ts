/** The used part of Stryker's report. https://github.com/stryker-mutator/mutation-testing-elements */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
  readonly config?: { readonly mutate?: readonly string[] };
}

interface Row {
  readonly title: string;
  readonly found: number;
  readonly missed: number;
}

const found = new Set(["Killed", "Timeout"]);
const missed = new Set(["Survived", "NoCoverage"]);
/** The number of listed files, those with the lowest scores. */
const maxListedFiles = 12;

/** The tables of docs/mutation.md: by folder, and the files with the lowest scores. */
export function mutationTables({ files }: MutationReport): string {
  const rows = Object.entries(files).map(([path, { mutants }]) => {
    const count = (kind: ReadonlySet<string>) => mutants.filter(({ status }) => kind.has(status)).length;
    return { title: path.replace(/^src\//, ""), found: count(found), missed: count(missed) };
  });
  const folders = [...new Set(rows.map(({ title }) => folderOf(title)))].sort();
  const sums = folders.map((folder) =>
    sumOf(
      folder,
      rows.filter(({ title }) => folderOf(title) === folder),
    ),
  );
  const lowest = rows.toSorted((a, b) => scoreOf(a) - scoreOf(b)).slice(0, maxListedFiles);
  return [tableOf("folder", [...sums, sumOf("all of them", rows)]), tableOf("lowest files", lowest)].join(
    "\n\n",
  );
}

function folderOf(path: string): string {
  return path.split("/")[0] ?? "";
}

function sumOf(title: string, rows: readonly Row[]): Row {
  const sum = (pick: (row: Row) => number) => rows.reduce((all, row) => all + pick(row), 0);
  return { title, found: sum((row) => row.found), missed: sum((row) => row.missed) };
}

function tableOf(heading: string, rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const title = row.title.includes(" ") ? row.title : `\`${row.title}\``;
    return `| ${title} | ${row.found} | ${row.missed} | ${Math.round(scoreOf(row))} % |`;
  });
  return `| ${heading} | mutants found | not found | score |\n| --- | --: | --: | --: |\n${lines.join("\n")}`;
}

function scoreOf({ found: hits, missed: misses }: Row): number {
  return hits + misses === 0 ? 100 : (100 * hits) / (hits + misses);
}
