/**
 * One entry of the job's log. Its texts may contain anything: the adapter of the CI host sanitizes them.
 * SGR colours (ESC [ … m) are kept.
 */
export type LogEntry =
  | { readonly type: "text"; readonly text: string }
  /** Lines of a log that is relayed, none of which contains a line break. */
  | { readonly type: "lines"; readonly prefix: string; readonly lines: readonly string[] }
  | { readonly type: "debug"; readonly text: string }
  | { readonly type: "group"; readonly title: string }
  | { readonly type: "end-group" }
  | Annotation;

export interface Annotation {
  readonly type: "error" | "warning" | "notice";
  readonly text: string;
  readonly title?: string | undefined;
  /** Path relative to the repository's root. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}
