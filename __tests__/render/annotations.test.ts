import { expect, it } from "vitest";
import { annotationsOf } from "../../src/core/annotations.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { annotationLines } from "../../src/render/annotations.ts";
import { excerptLines } from "../../src/render/task-log.ts";
import { issueOf, phaseWithJob, recordsOf, stage, task } from "../core/builders.ts";

it("annotationLines put an annotation on its file and line if the file exists, and count what GitHub does not show", () => {
  const issues = [
    issueOf("; expected", { file: "/home/vsts/work/1/s/src/a.cs", line: 99, column: 5, code: "CS1002" }),
    issueOf("elsewhere", { file: "/usr/lib/b.cs", line: 1 }),
    issueOf("odd", { severity: "warning" }),
  ];
  const tree = buildRunTree(
    recordsOf(
      stage("A", { from: 1, to: 9, result: "failed" }),
      phaseWithJob("A.x", { from: 1, to: 9, result: "failed" }),
      task("Build", "A.x.__default", { from: 1, to: 9, result: "failed", issues, errors: 30, warnings: 1 }),
    ),
  );
  const findFile = (path: string) => (path.endsWith("src/a.cs") ? "src/a.cs" : undefined);
  const annotations = annotationsOf(tree, {}, { errors: 9, warnings: 10 });
  const linesWith = (isForLog: boolean) =>
    annotationLines(annotations, { toRepositoryPath: findFile, isForLog });
  expect(linesWith(true).map((line) => "text" in line && line.text)).toEqual([
    "A › x › Build (src/a.cs:99): CS1002: ; expected",
    "A › x › Build (/usr/lib/b.cs:1): elsewhere",
    "A › x › Build: odd",
    "And 28 more errors in the run.",
  ]);
  expect(linesWith(false)).toEqual([
    {
      type: "error",
      text: "CS1002: ; expected",
      title: "A › x › Build",
      file: "src/a.cs",
      line: 99,
      column: 5,
    },
    { type: "error", text: "elsewhere", title: "A › x › Build" },
    { type: "warning", text: "odd", title: "A › x › Build" },
    { type: "text", text: "And 28 more errors in the run." },
  ]);
});

it("excerptLines show the end of a log in one group, with the numbers of its lines and a link to the whole log", () => {
  const excerpt = {
    path: "Staging › Run curl",
    result: "failed",
    lines: ["a", "##[error]b"],
    totalLines: 43,
    url: "https://x.example/l=43",
  } as const;
  expect(excerptLines(excerpt)).toEqual([
    { type: "group", title: "✘ Staging › Run curl: lines 42–43 of 43, all at https://x.example/l=43" },
    { type: "text", text: " │ a" },
    { type: "text", text: " │ \u001B[31mb\u001B[0m" },
    { type: "end-group" },
  ]);
  expect(excerptLines({ ...excerpt, result: "succeededWithIssues" })[0]).toMatchObject({
    title: expect.stringMatching(/^⚠ Staging/),
  });
  const titleOf = (parts: object) => excerptLines({ ...excerpt, ...parts })[0];
  const title = (range: string) => ({ type: "group", title: `✘ Staging › Run curl: ${range}` });
  expect(titleOf({ totalLines: 2 })).toEqual(title("the whole log, also at https://x.example/l=43"));
  const framed = ["##[section]Starting: t", "a", "b", "##[section]Finishing: t"];
  expect(titleOf({ lines: framed, totalLines: 4 })).toEqual(
    title("the whole log, also at https://x.example/l=43"),
  );
  expect(titleOf({ lines: framed.slice(1), totalLines: 44, isContinuation: true })).toEqual(
    title("what came later, lines 42–43 of 44, all at https://x.example/l=43"),
  );
  expect(titleOf({ lines: ["b"] })).toEqual(title("line 43 of 43, all at https://x.example/l=43"));
});
