import type { Masker } from "./masker.ts";

export type Level = "error" | "warning" | "notice";

export interface Annotation {
  readonly level: Level;
  readonly message: string;
  readonly title?: string;
  readonly file?: string;
  readonly line?: number;
}

/** A step's log as it is stored, and its annotations as GitHub keeps them. Everything passes the masker. */
export interface StepLog {
  readonly annotations: readonly Annotation[];
  output(line: string): void;
  debug(text: string): void;
  /** Without a message there is no annotation either. `line` is what the log shows in place of the message. */
  issue(level: Level, message: string, location?: Omit<Annotation, "level" | "message">, line?: string): void;
  text(): string;
}

/** Beyond these, GitHub drops an annotation (the log line stays) and cuts its message. */
const annotationLimits = { perLevel: 10, messageLength: 4096 };

/** How many annotations of each level are already kept. The steps inside a composite action share one. */
export type AnnotationCounts = Record<Level, number>;

export const noAnnotations = (): AnnotationCounts => ({ error: 0, warning: 0, notice: 0 });

interface LogOptions {
  readonly masker: Masker;
  readonly debug: boolean;
  readonly annotationCounts?: AnnotationCounts | undefined;
  readonly onLine?: ((line: string) => void) | undefined;
}

export function createStepLog({
  masker,
  debug,
  annotationCounts: counts = noAnnotations(),
  onLine,
}: LogOptions): StepLog {
  const annotations: Annotation[] = [];
  let text = "";
  const output = (line: string): void => {
    const masked = masker.mask(line);
    text += `${masked}\n`;
    onLine?.(masked);
  };
  return {
    annotations,
    output,
    text: () => text,
    debug: (message) => {
      if (debug) for (const line of message.split(/\r?\n/)) output(`##[debug]${line}`);
    },
    issue: (level, raw, location = {}, line = raw) => {
      if (raw === "") return;
      const message = masker.mask(raw).slice(0, annotationLimits.messageLength);
      if (counts[level] < annotationLimits.perLevel) annotations.push({ level, message, ...location });
      counts[level] += 1;
      output(`##[${level}]${line}`);
    },
  };
}
