/** A log that grows, and that can be waited for. */
export interface WatchedLog {
  add(line: string): void;
  /** Looks whether what is waited for has come: once a piece of output, not once a line. */
  changed(): void;
  text(): string;
  /** The match of a pattern; rejects, with the log, when the log is closed without one. */
  waitFor(pattern: RegExp): Promise<string>;
  when(test: (log: string) => boolean): Promise<void>;
  close(): void;
}

export function watchedLog(onLine: (line: string) => void = () => {}): WatchedLog {
  let text = "";
  let closed = false;
  const waiting = new Set<{
    test: (log: string) => boolean;
    resolve: () => void;
    reject: (error: Error) => void;
  }>();
  const changed = (): void => {
    for (const one of waiting) {
      if (one.test(text)) {
        waiting.delete(one);
        one.resolve();
      } else if (closed) {
        waiting.delete(one);
        one.reject(new Error(`the action ended, and this was never in its log: ${one.test}\n${text}`));
      }
    }
  };
  const when = (test: (log: string) => boolean): Promise<void> => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.add({ test, resolve, reject });
    changed();
    return promise;
  };
  return {
    changed,
    when,
    text: () => text,
    add: (line) => {
      text += `${line}\n`;
      onLine(line);
    },
    waitFor: async (pattern) => {
      const test = Object.assign((log: string) => log.search(pattern) >= 0, {
        toString: () => String(pattern),
      });
      await when(test);
      return text.match(pattern)?.[0] ?? "";
    },
    close: () => {
      closed = true;
      changed();
    },
  };
}
