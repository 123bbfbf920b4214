import type { WatchedLog } from "./watched-log.ts";

/** When something is to happen to a running action. */
export type Trigger = RegExp | Promise<unknown> | ((log: string) => boolean);

/** Acts once when the moment comes; never, when the log is closed before. */
export function onTrigger(trigger: Trigger | undefined, log: WatchedLog, action: () => void): void {
  if (trigger === undefined) return;
  const triggered =
    trigger instanceof Promise
      ? trigger.catch(() => {})
      : log.waitUntil(typeof trigger === "function" ? trigger : (text) => text.search(trigger) >= 0);
  triggered.then(action, () => {});
}

/** The steps' end, or an error with the log when that takes too long. */
export async function withTimeout<T>(
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
