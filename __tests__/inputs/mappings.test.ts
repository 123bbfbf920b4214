import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJsonMapping, readList, readMapping } from "../../src/inputs/mappings.ts";

const scalar = (text: string) => ({ kind: "scalar", text });

describe("readMapping", () => {
  it("lets a scalar travel as it was written", async () => {
    const text = [
      "version: 1.10",
      "yes: yes",
      "hex: 0x1F",
      "flag: True",
      "octal: 007",
      "big: 123456789012345678901234567890",
      "none: ~",
      "blank:",
      "1: on",
      "on: 2026-01-01",
      "quoted: '1.10 '",
      'double: "a\\tb"',
      "comment: x # y",
      "block: |",
      "  one",
      "  two",
      "folded: >-",
      "  one",
      "  two",
    ].join("\r\n");
    expect(await readMapping(text)).toEqual([
      ["version", scalar("1.10")],
      ["yes", scalar("yes")],
      ["hex", scalar("0x1F")],
      ["flag", scalar("True")],
      ["octal", scalar("007")],
      ["big", scalar("123456789012345678901234567890")],
      ["none", scalar("~")],
      ["blank", scalar("")],
      ["1", scalar("on")],
      ["on", scalar("2026-01-01")],
      ["quoted", scalar("1.10 ")],
      ["double", scalar("a\tb")],
      ["comment", scalar("x")],
      ["block", scalar("one\ntwo\n")],
      ["folded", scalar("one two")],
    ]);
  });

  it("turns lists and mappings into JSON text that keeps every digit", async () => {
    const text =
      'list: [1.10, "1", yes, True, ~, 0x1F, 12345678901234567890, 1e3]\nmap: {a: {b: }, c: "é\\n"}';
    expect(await readMapping(text)).toEqual([
      ["list", { kind: "list", json: '[1.10,"1","yes",true,null,"0x1F",12345678901234567890,1e3]' }],
      ["map", { kind: "map", json: '{"a":{"b":null},"c":"é\\n"}' }],
    ]);
  });

  it("reads all of JSON, tabs included", async () => {
    const indents = fc.constantFrom(undefined, 2, "\t");
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), indents, async (value, indent) => {
        const entries = Object.entries(JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
        const read = await readMapping(JSON.stringify(value, null, indent));
        expect(
          read.map(([name, node]) => [name, node.kind === "scalar" ? node.text : JSON.parse(node.json)]),
        ).toEqual(
          entries.map(([name, entry]) => [
            name,
            typeof entry === "object" && entry !== null
              ? entry
              : typeof entry === "string"
                ? entry
                : String(entry),
          ]),
        );
      }),
    );
  });

  it("resolves anchors, each alias to the last one before it", async () => {
    expect(await readMapping("a: &x 1\nb: *x\nc: &x {d: 2}\ne: [*x, *x]")).toEqual([
      ["a", scalar("1")],
      ["b", scalar("1")],
      ["c", { kind: "map", json: '{"d":2}' }],
      ["e", { kind: "list", json: '[{"d":2},{"d":2}]' }],
    ]);
  });

  it.each(["", " \n", "# nothing yet", "~", "null", "{}", "---"])("takes %j for nothing", async (text) => {
    expect(await readMapping(text)).toEqual([]);
  });

  it("takes __proto__ for a name like any other", async () => {
    expect(await readMapping("__proto__: {polluted: 1}\nx: {__proto__: 2}")).toEqual([
      ["__proto__", { kind: "map", json: '{"polluted":1}' }],
      ["x", { kind: "map", json: '{"__proto__":2}' }],
    ]);
  });

  it.each([
    ["- a", "expected a mapping (name: value), got a list"],
    ["key:value", "expected a mapping (name: value), got text; put a space behind the colon"],
    ["b: 1\na: 1\n'a': 2", 'the key "a" appears twice (line 3)'],
    ["a: {b: 1, b: 2}", 'the key "b" appears twice (line 1)'],
    ["? [a]\n: b", "expected a name, got a list (line 1)"],
    [": b", "a name is missing before the colon (line 1)"],
    ["a: 1\n---\nb: 2", "expected one document, got several (line 2, column 1)"],
    ["a:\n\tb: 1", "tabs cannot indent, spaces can (line 2, column 1)"],
    ["a: 'x", "a quote, a bracket, a comma or a colon is missing (line 1, column 6)"],
    [
      "a: b: c",
      "a value with a colon and a space in it has to be quoted, and names have to be indented alike (line 1, column 4)",
    ],
    ["a: @hush", "a value that starts with @, ` or % has to be quoted (line 1, column 4)"],
    ["a: *hush", "a value that starts with * has to be quoted (line 1)"],
    ["a: !hush x", "a value that starts with ! has to be quoted (line 1)"],
    ["a: !!binary aGk=", "a value that starts with ! has to be quoted (line 1)"],
    ["a: &a [*a]", "the document is nested more than 100 levels deep"],
    [`a: ${"[".repeat(200)}${"]".repeat(200)}`, "the document is nested more than 100 levels deep"],
  ])("refuses %j: %s", async (text, problem) => {
    await expect(readMapping(text)).rejects.toThrow(new Error(problem));
  });

  it("does not let aliases blow a document up", async () => {
    const lines = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(10)}]`);
    await expect(readMapping(["a0: &a0 hush", ...lines].join("\n"))).rejects.toThrow(
      "the document grows too large by its aliases",
    );
  });

  it("never quotes what could be a secret", async () => {
    const hostile = fc.string({ unit: fc.constantFrom(..."hush:'\"[]{}*&!|>@` \n\t-,#%\\") });
    await fc.assert(
      fc.asyncProperty(hostile, async (value) => {
        const problem = await readMapping(`password: ${value}`).then(
          () => "",
          (error: Error) => error.message,
        );
        // Names are shown, and a value with a line break may hold what looks like a name.
        if (!problem.startsWith("the key")) expect(problem).not.toMatch(/hush/);
      }),
    );
  });
});

describe("readJsonMapping", () => {
  it("gives values their types, except numbers that would not stay what they are", async () => {
    const text = "a: 5\nb: 1.10\nc: true\nd: ~\ne: '5'\nf: [1, {g: yes}]\nh: 12345678901234567890\ni: -1.5";
    expect(await readJsonMapping(text)).toEqual({
      a: 5,
      b: "1.10",
      c: true,
      d: null,
      e: "5",
      f: [1, { g: "yes" }],
      h: "12345678901234567890",
      i: -1.5,
    });
  });

  it("takes __proto__ for a name like any other", async () => {
    const read = await readJsonMapping('{"__proto__": {"polluted": 1}}');
    expect(JSON.stringify(read)).toBe('{"__proto__":{"polluted":1}}');
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
  });
});

describe("readList", () => {
  it.each([
    ["a", ["a"]],
    ["a, b ,,c", ["a", "b", "c"]],
    ["a\r\n\n  b\nc,d", ["a", "b", "c", "d"]],
    ["*", ["*"]],
    ["drop-1\n-x", ["drop-1", "-x"]],
    ["[a, 'b, c', \"*\", 1.10]", ["a", "b, c", "*", "1.10"]],
    ["- a\n- 'b, c'\n-\n- 007 # seven", ["a", "b, c", "007"]],
    ["# both\n- a\n- b", ["a", "b"]],
    ["[]", []],
    ["", []],
    ['["a",\n\t"b"]', ["a", "b"]],
  ])("%j is %j", async (text, items) => {
    expect(await readList(text)).toEqual(items);
  });

  it.each([
    ["{a: 1}", "expected a list, got a mapping"],
    ["a: 1\nb:", "expected a list, got a mapping"],
    ["- a\n- b: 1", "expected a list of names, but item 2 is a mapping"],
    ["[*]", "a value that starts with * or & has to be quoted (line 1, column 2)"],
    ["[a", "a quote, a bracket, a comma or a colon is missing (line 1, column 3)"],
  ])("refuses %j: %s", async (text, problem) => {
    await expect(readList(text)).rejects.toThrow(new Error(problem));
  });
});
