import ts from "typescript";
import { describe, expect, it } from "vitest";
import { filesOf, textOf } from "./repository.ts";

const linesAtMost = 250;
const parametersAtMost = 4;

const code = filesOf("src/*.ts", "simulator/*.ts", "scripts/*.ts");

/** Where a function takes more than one can keep apart: the rest belongs into an object. */
function crowded(path: string, text: string): readonly string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && node.parameters.length > parametersAtMost) {
      found.push(`${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe("the code", () => {
  it(`has no file of more than ${linesAtMost} lines`, () => {
    expect(code.length).toBeGreaterThan(200);
    expect(code.filter((path) => textOf(path).split("\n").length > linesAtMost + 1)).toEqual([]);
  });

  it(`has no function of more than ${parametersAtMost} parameters`, () => {
    expect(code.flatMap((path) => crowded(path, textOf(path)))).toEqual([]);
    expect(crowded("a.ts", "\nconst f = (a, b, c, d, e) => a;")).toEqual(["a.ts:2"]);
  });
});
