import type { WatchedLog } from "./watched-log.ts";

/** Steps in progress, for tests that act while they run. */
export interface SupervisedSteps<T> extends AsyncDisposable {
  readonly done: Promise<T>;
  /** Everything that the steps have logged so far. */
  log(): string;
  /** The match, as soon as the log has one; rejects, with the log, if the steps end without. */
  waitFor(pattern: RegExp): Promise<string>;
}

const defaultTimeoutMs = 50_000;

/** Ends the steps that take too long, and those that are still running when the test disposes of them. */
export function superviseSteps<T>(
  steps: Promise<T>,
  log: WatchedLog,
  { timeoutMs = defaultTimeoutMs, abandon }: { timeoutMs?: number | undefined; abandon: () => void },
): SupervisedSteps<T> {
  const done = withTimeout(steps, timeoutMs, { onTimeout: abandon, log: log.text }).finally(() =>
    log.close(),
  );
  // A test that only waits for a line may never await the end.
  done.catch(() => {});
  return {
    done,
    log: log.text,
    waitFor: log.waitFor,
    [Symbol.asyncDispose]: async () => {
      abandon();
      await done.catch(() => {});
    },
  };
}

/** The steps' end, or an error with the log when that takes too long. */
async function withTimeout<T>(
  steps: Promise<T>,
  timeoutMs: number,
  { onTimeout, log }: { onTimeout: () => void; log: () => string },
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    onTimeout();
    reject(new Error(`the action had not ended after ${timeoutMs} ms; its log:\n${log()}`));
  }, timeoutMs);
  try {
    return await Promise.race([steps, promise]);
  } finally {
    clearTimeout(timer);
  }
}
