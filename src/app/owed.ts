import type { Host, SignReport } from "../ports.ts";

/** A last word that has not been heard everywhere: the post step says it once more. */
export interface Owed {
  readonly report: SignReport;
  /** By their place in the list of signs. */
  readonly posts: readonly number[];
}

const key = "owed";
/** The step's state travels in the environment. */
const summaryBytes = 4_000;

/** Hidden here: the post step does not know all that was masked. */
export function rememberOwed(host: Pick<Host, "remember" | "hide">, { report, posts }: Owed): void {
  const kept = {
    ...report,
    title: host.hide(report.title),
    summary: host.hide(report.summary(summaryBytes)),
    description: host.hide(report.description),
    annotations: [],
  };
  host.remember(key, JSON.stringify({ report: kept, posts }));
}

/** Only this action writes its state, so what cannot be read is a state of no use. */
export function recallOwed(host: Pick<Host, "recall">): Owed | undefined {
  try {
    const { report, posts } = JSON.parse(host.recall(key));
    return { report: { ...report, summary: () => report.summary }, posts };
  } catch {
    return undefined;
  }
}
