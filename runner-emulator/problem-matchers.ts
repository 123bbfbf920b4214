import { readFileSync } from "node:fs";
import type { Level } from "./step-log.ts";

/** https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md */
interface MatcherFile {
  readonly problemMatcher: readonly Matcher[];
}

interface Matcher {
  readonly owner: string;
  readonly severity?: string;
  readonly pattern: readonly Pattern[];
}

interface Pattern {
  readonly regexp: string;
  /** Numbers of the groups. */
  readonly file?: number;
  readonly line?: number;
  readonly severity?: number;
  readonly message?: number;
  /** Only in the last pattern: it may match on several lines in a row. */
  readonly loop?: boolean;
}

/** The parts of an annotation that a pattern has found. */
interface Found {
  readonly file?: string | undefined;
  readonly line?: string | undefined;
  readonly severity?: string | undefined;
  readonly message?: string | undefined;
}

interface Problem {
  readonly level: Level;
  readonly message: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** The problem matchers of a job. They see every line that is no command, whether or not commands are stopped. */
export interface ProblemMatchers {
  /** One with a known owner replaces it. */
  add(matchers: readonly Matcher[]): void;
  remove(owners: readonly string[]): void;
  owners(): string[];
  match(line: string): Problem | undefined;
}

interface ActiveMatcher {
  readonly owner: string;
  match(line: string): Problem | undefined;
  reset(): void;
}

export function createProblemMatchers(): ProblemMatchers {
  let active: readonly ActiveMatcher[] = [];
  const remove = (owners: readonly string[]): void => {
    active = active.filter(({ owner }) => !owners.includes(owner));
  };
  return {
    remove,
    add: (matchers) => {
      remove(matchers.map(({ owner }) => owner));
      active = [...matchers.map(createActiveMatcher), ...active];
    },
    owners: () => active.map(({ owner }) => owner),
    match: (line) => {
      for (const matcher of active) {
        const problem = matcher.match(line);
        if (problem === undefined) continue;
        for (const other of active) if (other !== matcher) other.reset();
        return problem;
      }
      return undefined;
    },
  };
}

export function readMatchers(file: string): readonly Matcher[] {
  return (JSON.parse(readFileSync(file, "utf8")) as MatcherFile).problemMatcher;
}

/** Patterns match on consecutive lines, and each adds to what those before it found. */
function createActiveMatcher({ owner, severity, pattern: patterns }: Matcher): ActiveMatcher {
  const expressions = patterns.map(({ regexp }) => new RegExp(regexp));
  /** What the patterns up to each index have found, on the lines just before this one. */
  let found: (Found | undefined)[] = [];
  const last = patterns.length - 1;
  return {
    owner,
    reset: () => {
      found = [];
    },
    match: (line) => {
      for (let index = last; index >= 0; index -= 1) {
        const before = index === 0 ? {} : found[index - 1];
        const pattern = patterns[index];
        const groups = before && pattern && expressions[index]?.exec(line);
        const merged = groups && { ...before, ...readGroups(pattern, groups) };
        if (index < last) {
          found[index] = merged ?? undefined;
        } else if (merged) {
          found = pattern.loop && index > 0 ? found.with(index - 1, before) : [];
          return createProblem(merged, severity);
        } else if (index > 0) {
          found[index - 1] = undefined;
        }
      }
      return undefined;
    },
  };
}

function readGroups(pattern: Pattern, groups: RegExpExecArray): Found {
  return Object.fromEntries(
    (["file", "line", "severity", "message"] as const).flatMap((name) => {
      const value = groups[pattern[name] ?? -1];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** The runner logs a match of an unknown severity, or without a message, as plain text. */
function createProblem(found: Found, defaultSeverity = "error"): Problem | undefined {
  const severity = (found.severity || defaultSeverity).toLowerCase();
  const level = (["error", "warning", "notice"] as const).find((known) => known === severity);
  if (level === undefined || !found.message) return undefined;
  const line = Number(found.line ?? Number.NaN);
  return { level, message: found.message, file: found.file, line: Number.isInteger(line) ? line : undefined };
}

export function stripColours(line: string): string {
  return line.replaceAll(/\u001b\[[\d;]*m/g, "");
}
