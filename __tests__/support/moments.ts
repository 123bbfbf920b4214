import type { WatchedLog } from "./watched-log.ts";

/** When something is to happen to a running action. */
export type Moment = RegExp | Promise<unknown> | ((log: string) => boolean);

/** Acts once when the moment comes; never, when the log is closed before. */
export function onMoment(moment: Moment | undefined, log: WatchedLog, act: () => void): void {
  if (moment === undefined) return;
  const come =
    moment instanceof Promise
      ? moment.catch(() => {})
      : log.when(typeof moment === "function" ? moment : (text) => text.search(moment) >= 0);
  come.then(act, () => {});
}

/** The steps' end, or an error with the log when that takes too long. */
export async function withinTime<T>(
  steps: Promise<T>,
  timeoutMs: number,
  { late, log }: { late: () => void; log: () => string },
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late();
    reject(new Error(`the action had not ended after ${timeoutMs} ms; its log:\n${log()}`));
  }, timeoutMs);
  try {
    return await Promise.race([steps, promise]);
  } finally {
    clearTimeout(timer);
  }
}
