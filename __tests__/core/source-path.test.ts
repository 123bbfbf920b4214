import { expect, it } from "vitest";
import { sourcePath } from "../../src/core/source-path.ts";

it.each([
  ["src/a.ts", "src/a.ts"],
  ["././src/a.ts", "src/a.ts"],
  ["src\\two  spaces.ts", "src/two  spaces.ts"],
  ["/home/vsts/work/1/s/src/a.ts", "src/a.ts"],
  ["D:\\a\\1\\s\\src\\a.ts", "src/a.ts"],
])("%j is %j in the sources", (path, expected) => {
  expect(sourcePath(path)).toBe(expected);
  // What is in the sources stays where it is.
  expect(sourcePath(expected)).toBe(expected);
});

it.each(["", " ", "/etc/passwd", "C:\\windows", "../x", "src/../../x", "src/a\n.ts"])(
  "%j is elsewhere",
  (path) => {
    expect(sourcePath(path)).toBeUndefined();
  },
);
