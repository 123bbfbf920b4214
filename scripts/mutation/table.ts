/** What Stryker writes, as far as it is read here. https://github.com/stryker-mutator/mutation-testing-elements */
export interface MutationReport {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}

interface Row {
  /** Below `src`. */
  readonly files: readonly string[];
  readonly about?: string;
}

/** What a start and a wait hang on. */
const rows: readonly Row[] = [
  { files: ["app/watch.ts"], about: "the wait" },
  { files: ["core/backoff.ts", "core/pace.ts"] },
  { files: ["core/expression.ts"], about: "conditions" },
  { files: ["azure/rests.ts"] },
  { files: ["core/default-ref.ts"], about: "what is built" },
  { files: ["core/evidence.ts"], about: "whose run it is" },
  { files: ["azure/retry.ts"] },
  { files: ["app/start.ts"], about: "the start" },
  { files: ["core/rerun-tag.ts"] },
  { files: ["core/retry-after.ts"] },
  { files: ["app/candidates.ts"] },
  { files: ["azure/refusals.ts", "azure/answers.ts"] },
  { files: ["app/start-errors.ts"], about: "sentences" },
];

const found = new Set(["Killed", "Timeout"]);
const missed = new Set(["Survived", "NoCoverage"]);

/** The files of the table that a report says nothing of, because only others were changed. */
export function missingIn({ files }: MutationReport): readonly string[] {
  return rows.flatMap((row) => row.files).filter((file) => files[`src/${file}`] === undefined);
}

/** The table of docs/mutation.md, its best rows first. */
export function mutationTable(report: MutationReport): string {
  const counted = rows
    .map(({ files, about }) => {
      const named = files.map((file) => `\`${file}\``).join(", ");
      return { title: about === undefined ? named : `${named}, ${about}`, ...countsOf(files, report) };
    })
    .sort((a, b) => scoreOf(b) - scoreOf(a));
  const all = {
    title: "all of them",
    found: counted.reduce((sum, row) => sum + row.found, 0),
    missed: counted.reduce((sum, row) => sum + row.missed, 0),
  };
  const lines = [...counted, all].map(
    (row) => `| ${row.title} | ${row.found} | ${row.missed} | ${Math.round(scoreOf(row))} % |`,
  );
  return `| file | mutants found | not found | score |\n| --- | --: | --: | --: |\n${lines.join("\n")}`;
}

interface Counts {
  readonly found: number;
  readonly missed: number;
}

function countsOf(files: readonly string[], report: MutationReport): Counts {
  const statuses = files.flatMap((file) =>
    (report.files[`src/${file}`]?.mutants ?? []).map(({ status }) => status),
  );
  const count = (kind: ReadonlySet<string>) => statuses.filter((status) => kind.has(status)).length;
  return { found: count(found), missed: count(missed) };
}

function scoreOf(counts: Counts): number {
  const all = counts.found + counts.missed;
  return all === 0 ? 100 : (100 * counts.found) / all;
}
