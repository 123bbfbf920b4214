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
  // Rust: `thread 'health' panicked at src/lib.rs:12:5:`
  /\bpanicked at (?:'.*', )?([^\s:']+):(\d+)/,
  // Perl: `at t/health.t line 12.`
  /\bat (\S+\.\w+) line (\d+)/,
  // pytest, Go, Ruby, PHP, C++: `tests/test_health.py:12: AssertionError`
  /^\s*((?:[a-z]:)?[^\s:()]+\.\w+):(\d+)(?::|\s|$)/i,
  // C++ on Windows: `tests\health.cpp(12): error: …`
  /^\s*((?:[a-z]:)?[^\s:()]+\.\w+)\((\d+)\)(?::|$)/i,
  // Dart: `test/health_test.dart 12:5  main.<fn>`
  /^\s*(\S+\.dart) (\d+):\d+/,
];

/** Files of libraries, of package managers and of the language itself. */
const foreignFile = new RegExp(
  [
    "node_modules|hostedtoolcache",
    "^(?:node|dart|package):",
    String.raw`^internal[\\/]|^/rustc/|/usr/(?:local/)?(?:lib|go)/|[\\/]lib[\\/]python`,
    String.raw`[\\/](?:(?:site|dist)-packages|gems|\.cargo|\.pub-cache)[\\/]`,
    String.raw`(?:^|[\\/])vendor[\\/]`,
  ].join("|"),
);

/** Deterministic .NET builds call the root of every repository `/_/`, that of a library's own too. */
const deterministicRoot = /^\/_\d*\//;

/** Methods of .NET's and of the JVM's libraries, whose files are called like anybody's. */
const libraryMethod = new RegExp(
  [
    String.raw`^\s*at (?:[\w.@-]+/)?(?:`,
    "System|Microsoft|Xunit|NUnit|FluentAssertions|AwesomeAssertions|Shouldly|Moq|NSubstitute|",
    "javax?|jdk|sun|kotlin|scala|groovy|",
    String.raw`org\.(?:junit|hamcrest|assertj|mockito|testng|opentest4j|gradle|apache|springframework|scalatest)`,
    String.raw`)\.`,
  ].join(""),
);

/** The first line of a stack trace that is in a file of the tested project and not of a library. */
export function firstOwnFrame(stackTrace: string): SourceLine | undefined {
  for (const text of stackTrace.slice(0, 50_000).split("\n", 500)) {
    const line = text.slice(0, 1_000).trimEnd();
    const match = framePatterns.map((pattern) => pattern.exec(line)).find((found) => found !== null);
    const [, path = "", number] = match ?? [];
    const file = path.replace(/^file:\/\//, "");
    const isNameShared = deterministicRoot.test(file) || bareFile.test(file);
    const isForeign = foreignFile.test(file) || (isNameShared && libraryMethod.test(line));
    if (file !== "" && !isForeign) return { file, line: Number(number) };
  }
  return undefined;
}

/** Frames of the JVM and of Go's tests name a file without its folder. */
const bareFile = /^[^\\/]+\.(?:java|kts?|scala|groovy|clj|go)$/;

/** The path in the sources of the file in a stack trace; `undefined` if the trace has none. */
export function framePath({ file }: SourceLine): string | undefined {
  return bareFile.test(file) ? undefined : sourcePath(file);
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
