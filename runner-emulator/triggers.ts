import type { WatchedLog } from "./watched-log.ts";

/** When a test acts on a running action. */
export type Trigger = RegExp | Promise<unknown> | ((log: string) => boolean);

/** Calls the action once, at that moment; never if the log is closed before. */
export function onTrigger(trigger: Trigger | undefined, log: WatchedLog, action: () => void): void {
  if (trigger === undefined) return;
  const triggered =
    trigger instanceof Promise
      ? trigger.catch(() => {})
      : log.waitUntil(typeof trigger === "function" ? trigger : (text) => text.search(trigger) >= 0);
  triggered.then(action, () => {});
}
