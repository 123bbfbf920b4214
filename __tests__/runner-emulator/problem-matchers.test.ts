import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { runFakeAction } from "./fake-action.ts";

function writeMatcher(owner: string, ...pattern: readonly object[]): string {
  const file = join(temporaryFolder(), `${owner}.json`);
  writeFileSync(file, JSON.stringify({ problemMatcher: [{ owner, pattern }] }));
  return file;
}

const compiler = writeMatcher("compiler", {
  regexp: "^([^\\s].*)\\((\\d+),\\d+\\): (error|warning) (.+)$",
  file: 1,
  line: 2,
  severity: 3,
  message: 4,
});

const linter = writeMatcher(
  "linter",
  { regexp: "^([^\\s].*)$", file: 1 },
  {
    regexp: "^\\s+(\\d+):\\d+\\s+(error|warning)\\s+(.+)$",
    line: 1,
    severity: 2,
    message: 3,
    loop: true,
  },
);

const run = async (matcherFiles: readonly string[], ...lines: readonly string[]) =>
  (await runFakeAction({ main: `say(...${JSON.stringify(lines)})` }, { matcherFiles })).main;

describe("the problem matchers of earlier steps", () => {
  it("turn compiler output into annotations, even if it is coloured or commands are stopped", async () => {
    const ran = await run(
      [compiler],
      "::stop-commands::t",
      "\u001b[31msrc/a.ts(3,5): error TS2304: no name\u001b[0m",
      "src/b.ts(4,5): warning w",
      " │ src/a.ts(5,5): error as the action relays it",
    );
    expect(ran.annotations).toEqual([
      { level: "error", message: "TS2304: no name", file: "src/a.ts", line: 3 },
      { level: "warning", message: "w", file: "src/b.ts", line: 4 },
    ]);
    expect(ran.log).toContain("##[error]src/a.ts(3,5): error TS2304: no name\n");
    expect(ran.log).toContain("\n │ src/a.ts(5,5): error as the action relays it\n");
  });

  it("count towards the step's ten error annotations", async () => {
    const problems = Array.from({ length: 10 }, (_, index) => `a.ts(${index + 1},1): error x`);
    const ran = await run([compiler], ...problems, "::error::our cause");
    expect(ran.annotations.map(({ message }) => message)).toEqual(Array(10).fill("x"));
    expect(ran.log).toContain("##[error]our cause");
  });

  it("match several lines in a row", async () => {
    const ran = await run(
      [linter],
      "a.js",
      "  1:2  error  one",
      "  3:4  warning  two",
      "",
      "  5:6  error  three",
    );
    expect(ran.annotations).toEqual([
      { level: "error", message: "one", file: "a.js", line: 1 },
      { level: "warning", message: "two", file: "a.js", line: 3 },
    ]);
  });

  it("are listed by owner; add-matcher adds one, remove-matcher removes one", async () => {
    const ran = await run([linter], `::add-matcher::${compiler}`, "::remove-matcher owner=linter::");
    expect(ran.matchers).toEqual(["compiler"]);
  });
});
