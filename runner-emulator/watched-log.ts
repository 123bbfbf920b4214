/** A log that grows, and that can be waited for. */
export interface WatchedLog {
  add(line: string): void;
  /** Checks whether a pattern that is waited for has appeared: once for each piece of output, not for each line. */
  notify(): void;
  text(): string;
  /** The match of a pattern; rejects, with the log, when the log is closed without one. */
  waitFor(pattern: RegExp): Promise<string>;
  waitUntil(test: (log: string) => boolean): Promise<void>;
  close(): void;
}

export function createWatchedLog(onLine: (line: string) => void = () => {}): WatchedLog {
  let text = "";
  let closed = false;
  const waiters = new Set<{
    test: (log: string) => boolean;
    resolve: () => void;
    reject: (error: Error) => void;
  }>();
  const notify = (): void => {
    for (const waiter of waiters) {
      if (waiter.test(text)) {
        waiters.delete(waiter);
        waiter.resolve();
      } else if (closed) {
        waiters.delete(waiter);
        waiter.reject(new Error(`the action ended, and its log never had: ${waiter.test}\n${text}`));
      }
    }
  };
  const waitUntil = (test: (log: string) => boolean): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiters.add({ test, resolve, reject });
    notify();
    return promise;
  };
  return {
    notify,
    waitUntil,
    text: () => text,
    add: (line) => {
      text += `${line}\n`;
      onLine(line);
    },
    waitFor: async (pattern) => {
      const test = Object.assign((log: string) => log.search(pattern) >= 0, {
        toString: () => String(pattern),
      });
      await waitUntil(test);
      return text.match(pattern)?.[0] ?? "";
    },
    close: () => {
      closed = true;
      notify();
    },
  };
}
