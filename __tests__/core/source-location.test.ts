import { describe, expect, it } from "vitest";
import { firstOwnFrame, framePath, sourcePath } from "../../src/core/source-location.ts";

describe("firstOwnFrame", () => {
  it.each([
    [
      "at Assert.True()\n   at Web.Health() in /home/vsts/work/1/s/Health.cs:line 12",
      "/home/vsts/work/1/s/Health.cs",
      12,
    ],
    [
      "Error: x\n at f (node_modules/chai/index.js:3:1)\n at check (src/health.test.ts:12:5)",
      "src/health.test.ts",
      12,
    ],
    ["at health.test.ts:7:5", "health.test.ts", 7],
    [
      "at org.junit.Assert.fail(Assert.java:89)\nat web.HealthTest.check(HealthTest.java:21)",
      "HealthTest.java",
      21,
    ],
    [
      'File "/usr/lib/python3/unittest.py", line 1, in run\nFile "tests/test_health.py", line 9, in test',
      "tests/test_health.py",
      9,
    ],
    ["tests/test_health.py:33: AssertionError", "tests/test_health.py", 33],
    ["D:\\a\\1\\s\\tests\\test_health.py:33: AssertionError", "D:\\a\\1\\s\\tests\\test_health.py", 33],
    ["at check (D:\\a\\1\\s\\src\\a.ts:12:5)", "D:\\a\\1\\s\\src\\a.ts", 12],
    [
      "at org.hamcrest.MatcherAssert.assertThat(MatcherAssert.java:18)\nat java.base/java.lang.Thread.run(Thread.java:1)\nat web.HealthTest.check(HealthTest.kt:21)",
      "HealthTest.kt",
      21,
    ],
    [
      "/rustc/9fc6b431/library/std/src/panicking.rs:5\nthread 'health' panicked at src/lib.rs:12:5:",
      "src/lib.rs",
      12,
    ],
    ["    health_test.go:12: expected 200", "health_test.go", 12],
    ["/opt/gems/rspec/lib/x.rb:1:in `a'\n./spec/health_spec.rb:9:in `b'", "./spec/health_spec.rb", 9],
    [
      "/home/vsts/work/1/s/vendor/phpunit/x.php:3\n/home/vsts/work/1/s/tests/HealthTest.php:7",
      "/home/vsts/work/1/s/tests/HealthTest.php",
      7,
    ],
    ["tests\\health.cpp(12): error: Value of: x", "tests\\health.cpp", 12],
    ["package:test/x.dart 3:1  a\ntest/health_test.dart 12:5  main.<fn>", "test/health_test.dart", 12],
    ["#   Failed test 'health'\n#   at t/health.t line 12.", "t/health.t", 12],
    [
      "at Xunit.Assert.Equal() in /_/src/Asserts.cs:line 89\nat Web.Health() in /_/src/Health.cs:line 4",
      "/_/src/Health.cs",
      4,
    ],
  ])("finds the project's own line in %j", (stackTrace, file, line) => {
    expect(firstOwnFrame(stackTrace)).toEqual({ file, line });
  });

  it("returns undefined if no frame is the project's", () => {
    expect(firstOwnFrame("at node:internal/process:1:1\nnothing here")).toBeUndefined();
  });
});

it.each([
  ["src/a.ts", "src/a.ts"],
  ["././src/a.ts", "src/a.ts"],
  ["src\\two  spaces.ts", "src/two  spaces.ts"],
  ["/home/vsts/work/1/s/src/a.ts", "src/a.ts"],
  ["D:\\a\\1\\s\\src\\a.ts", "src/a.ts"],
  ["/__w/1/s/src/a.ts", "src/a.ts"],
  ["/_/src/a.cs", "src/a.cs"],
])("sourcePath(%j) is %j", (path, expected) => {
  expect(sourcePath(path)).toBe(expected);
  // A path in the sources stays the same.
  expect(sourcePath(expected)).toBe(expected);
});

it("framePath() is undefined for a frame of the JVM or of Go, which names no folder", () => {
  expect(framePath({ file: "HealthTest.java", line: 21 })).toBeUndefined();
  expect(framePath({ file: "health_test.go", line: 12 })).toBeUndefined();
  expect(framePath({ file: "/home/vsts/work/1/s/tests/a.py", line: 9 })).toBe("tests/a.py");
});

it.each(["", " ", "/etc/passwd", "C:\\windows", "../x", "src/../../x", "src/a\n.ts"])(
  "sourcePath(%j) is undefined, since it is not in the sources",
  (path) => {
    expect(sourcePath(path)).toBeUndefined();
  },
);
