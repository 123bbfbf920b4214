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
