/** A line of a source file, as a stack trace names it. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

/** The groups are the file and the line. */
const framePatterns = [
  // .NET: `at Web.Tests.Health() in /src/Health.cs:line 12`
  /\bin (.+?):line (\d+)/,
  // Python: `File "tests/test_health.py", line 12, in test`
  /\bFile "([^"]+)", line (\d+)/,
  // Node and Java: `at check (src/health.ts:12:5)`, `at Health.check(Health.java:12)`
  /\bat .*\(([^()\s]+?):(\d+)(?::\d+)?\)/,
  /\bat (?:async )?([^()\s]+?):(\d+)(?::\d+)?$/,
  // pytest, Go, Ruby: `tests/test_health.py:12: AssertionError`
  /^\s*([^\s:()]+\.\w+):(\d+)(?::|\s|$)/,
];

const foreignFile =
  /node_modules|^node:|[\\/](?:site|dist)-packages[\\/]|[\\/]lib[\\/]python|^internal[\\/]|\/usr\/(?:local\/)?(?:lib|go)\/|^(?:Method|NativeMethodAccessorImpl|DelegatingMethodAccessorImpl|Assert\w*)\.java$/;

/** Deterministic .NET builds call the root of every repository `/_/`, that of a library's own too. */
const deterministicRoot = /^\/_\d*\//;

const libraryMethod =
  /^\s*at (?:System|Microsoft|Xunit|NUnit|FluentAssertions|AwesomeAssertions|Shouldly|Moq|NSubstitute)\./;

/** The first line of a stack trace that is in a file of the tested project and not of a library. */
export function firstOwnFrame(stackTrace: string): SourceLine | undefined {
  for (const text of stackTrace.slice(0, 50_000).split("\n", 500)) {
    const line = text.slice(0, 1_000).trimEnd();
    const match = framePatterns.map((pattern) => pattern.exec(line)).find((found) => found !== null);
    const [, path = "", number] = match ?? [];
    const file = path.replace(/^file:\/\//, "");
    const isForeign = foreignFile.test(file) || (deterministicRoot.test(file) && libraryMethod.test(line));
    if (file !== "" && !isForeign) return { file, line: Number(number) };
  }
  return undefined;
}

/** Frames of the JVM name a file without its folder. */
const jvmFile = /^[^\\/]+\.(?:java|kts?|scala|groovy|clj)$/;

/** The path in the sources of the file in a stack trace; `undefined` where the trace doesn't say it. */
export function framePath({ file }: SourceLine): string | undefined {
  return jvmFile.test(file) ? undefined : sourcePath(file);
}

/**
 * The path relative to the repository for a path that a tool printed: tools print absolute paths on the agent, which begin
 * with its sources folder. `undefined` for files elsewhere, and for texts that cannot be a path.
 */
export function sourcePath(path: string): string | undefined {
  const slashed = path.replaceAll("\\", "/");
  const inside =
    /^(?:[a-z]:)?\/(?:.*\/)?(?:_work|__w|work|a)\/\d+\/s\/(.+)$/is.exec(slashed)?.[1] ??
    slashed.replace(deterministicRoot, "");
  const relative = inside.replace(/^(?:\.\/+)+/, "");
  const isElsewhere = relative.startsWith("/") || /(^|\/)\.\.(\/|$)|:|\p{Cc}/u.test(relative);
  return isElsewhere || relative.trim() === "" ? undefined : relative;
}
