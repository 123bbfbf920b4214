import type { LoadResult } from "./load.ts";

/** A row of the table in docs/benchmarks.md. */
export function loadRow(result: LoadResult): string {
  const { waits, profile, requests, delayed, blocked, peakUnits, detectionDelays, failed } = result;
  const delays = [0.5, 0.95, 1].map((share) => percentile(detectionDelays, share));
  const cells = [waits, profile, requests, delayed, blocked, Math.round(peakUnits), ...delays, failed];
  return `| ${cells.join(" | ")} |`;
}

export function percentile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
}
