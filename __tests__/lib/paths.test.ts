import { posix, win32 } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { checkFolderName, entryPath } from "../../src/lib/paths.ts";

const names = fc
  .array(fc.constantFrom("..", ".", "/", "\\", "a", "C:", " ", "\0", "CON", "~", ":"))
  .map((parts) => parts.join(""));

it.each([
  [false, posix],
  [true, win32],
])("entryPath never leads out of the folder (on Windows: %s)", (windows, path) => {
  const root = windows ? "D:\\work\\drop" : "/work/drop";
  fc.assert(
    fc.property(names, (name) => {
      let segments: readonly string[];
      try {
        segments = entryPath(name, windows);
      } catch {
        return;
      }
      const target = path.resolve(root, ...segments);
      expect(target === root || target.startsWith(root + path.sep)).toBe(true);
      expect(target).toBe(path.join(root, ...segments));
    }),
    { numRuns: 1000 },
  );
});

it.each([
  ["a/b.txt", ["a", "b.txt"]],
  ["./a//b/", ["a", "b"]],
  ["a\\b", ["a", "b"]],
  ["..a/b..", ["..a", "b.."]],
  ["./", []],
])("entryPath splits %s into %j", (name, segments) => {
  expect(entryPath(name, false)).toEqual(segments);
});

it.each([
  ["a\0b", "NUL"],
  ["/etc/passwd", "absolute"],
  ["\\\\server\\share", "absolute"],
  ["C:a", "absolute"],
  ["c:/a", "absolute"],
  ["a/../../b", "leads out"],
])("entryPath rejects %j on any system: %s", (name, why) => {
  for (const windows of [false, true]) expect(() => entryPath(name, windows)).toThrow(why);
});

it("entryPath accepts a colon outside Windows, and names that only contain a device name", () => {
  expect(entryPath("a/b:c", false)).toEqual(["a", "b:c"]);
  expect(entryPath("1:2", false)).toEqual(["1:2"]);
  expect(entryPath("icon/console", true)).toEqual(["icon", "console"]);
  expect(() => checkFolderName("drop", true)).not.toThrow();
});

it.each(["NUL", "nul.txt", "a/COM1.log", "LPT¹", "a.", "a ", "x<y", "x\ty", "con "])(
  "entryPath rejects what Windows reserves, on Windows: %j",
  (name) => {
    expect(() => entryPath(name, true)).toThrow("Windows");
  },
);

it.each(["a/b", "a/", "./a", ".", "..", "", "a\\b"])("checkFolderName rejects %j", (name) => {
  expect(() => checkFolderName(name, false)).toThrow(/it is a path|leads out/);
});

it.each([".gitignore", ".github", "git", "x.git", "gitx~1", "gi~1"])(
  "entryPath accepts the name %j",
  (name) => {
    expect(entryPath(`a/${name}`, false)).toEqual(["a", name]);
  },
);

it.each([
  ".git",
  ".GIT",
  ".git.",
  ".Git . ",
  "git~1",
  "GI7EB4~1",
  ".git:x",
  ".g\u200cit",
  `.git${".".repeat(300)}`,
])("checkFolderName rejects %j, which is Git's on some system", (name) => {
  expect(() => checkFolderName(name, false)).toThrow("Git");
  expect(() => checkFolderName(name, true)).toThrow("Git");
});
