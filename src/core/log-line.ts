/**
 * One entry of the job's log. Its texts may contain anything: the adapter of the CI host sanitizes them.
 * SGR colours (ESC [ … m) are kept.
 */
export type LogEntry =
  | { readonly type: "text"; readonly text: string }
  | RelayedLines
  | { readonly type: "debug"; readonly text: string }
  | { readonly type: "group"; readonly title: string }
  | { readonly type: "end-group" }
  | Annotation;

/** Lines of one of Azure's logs. */
export interface RelayedLines {
  readonly type: "lines";
  /** Each line ends with LF or CRLF. */
  readonly text: string;
  /** Global: matches each line end, with what the prefix replaces at the start of the next line. */
  readonly lineStart: RegExp;
  readonly prefix: string;
}

export interface Annotation {
  readonly type: "error" | "warning" | "notice";
  readonly text: string;
  readonly title?: string | undefined;
  /** Path relative to the repository's root. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}
