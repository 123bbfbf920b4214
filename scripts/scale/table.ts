import type { LoadResult } from "./load.ts";

/** A row of the table in docs/benchmarks.md. */
export function loadRow(result: LoadResult): string {
  const { waits, profile, groups, requests, delayed, blocked, peakUnits, detectionDelays, failed } = result;
  const delays = [0.5, 0.95, 1].map((share) => percentile(detectionDelays, share));
  const mean = meanDelay(result).toFixed(1);
  const perGroup = [requests, delayed, blocked].map((count) => Math.round(count / groups));
  const cells = [waits, profile, ...perGroup, Math.round(peakUnits), mean, ...delays, failed];
  return `| ${cells.join(" | ")} |`;
}

/** Seconds. */
export function meanDelay({ detectionDelays }: Pick<LoadResult, "detectionDelays">): number {
  return detectionDelays.reduce((sum, delay) => sum + delay, 0) / detectionDelays.length;
}

export function percentile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
}
