import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJsonMapping, readList, readMapping, secretVariableMapping } from "../../src/inputs/mappings.ts";
import { parseJsonMapping, parseSimpleMapping, parseYaml } from "../../src/inputs/yaml.ts";

const noWarning = (text: string) => expect.unreachable(text);

const scalar = (text: string) => ({ kind: "scalar", text });

describe("readMapping", () => {
  it("keeps a scalar as it is written", async () => {
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
    expect(await readMapping(text, noWarning)).toEqual([
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
    expect(await readMapping(text, noWarning)).toEqual([
      ["list", { kind: "list", json: '[1.10,"1","yes",true,null,"0x1F",12345678901234567890,1e3]' }],
      ["map", { kind: "map", json: '{"a":{"b":null},"c":"é\\n"}' }],
    ]);
  });

  it("reads any JSON object, also one indented with tabs", async () => {
    const indents = fc.constantFrom(undefined, 2, "\t");
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), indents, async (value, indent) => {
        const entries = Object.entries(JSON.parse(JSON.stringify(value)) as Record<string, unknown>);
        const read = await readMapping(JSON.stringify(value, null, indent), noWarning);
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

  it("resolves each alias to the last anchor of that name before it", async () => {
    expect(await readMapping("a: &x 1\nb: *x\nc: &x {d: 2}\ne: [*x, *x]", noWarning)).toEqual([
      ["a", scalar("1")],
      ["b", scalar("1")],
      ["c", { kind: "map", json: '{"d":2}' }],
      ["e", { kind: "list", json: '[{"d":2},{"d":2}]' }],
    ]);
  });

  it.each(["", " \n", "# nothing yet", "~", "null", "{}", "---"])("returns nothing for %j", async (text) => {
    expect(await readMapping(text, noWarning)).toEqual([]);
  });

  it("treats __proto__ as an ordinary name", async () => {
    expect(await readMapping("__proto__: {polluted: 1}\nx: {__proto__: 2}", noWarning)).toEqual([
      ["__proto__", { kind: "map", json: '{"polluted":1}' }],
      ["x", { kind: "map", json: '{"__proto__":2}' }],
    ]);
  });

  it.each([
    ["- a", "expected a mapping (name: value), got a list"],
    ["key:value", "expected a mapping (name: value), got text; put a space after the colon"],
    ["b: 1\na: 1\n'a': 2", 'the key "a" appears twice (line 3)'],
    ["a: {b: 1, b: 2}", 'the key "b" appears twice (line 1)'],
    ["? [a]\n: b", "expected a name, got a list (line 1)"],
    [": b", "a name is missing before the colon (line 1)"],
    ["a: 1\n---\nb: 2", "expected one document, got several (line 2, column 1)"],
    ["a:\n\tb: 1", "indent with spaces, not with tabs (line 2, column 1)"],
    ["a: 'x", "a quote, a bracket, a comma or a colon is missing (line 1, column 6)"],
    [
      "a: b: c",
      "a value that contains a colon and a space must be quoted, and names must have the same indentation (line 1, column 4)",
    ],
    ["a: @hush", "a value that starts with @, ` or % must be quoted (line 1, column 4)"],
    ["a: *hush", "a value that starts with * must be quoted (line 1)"],
    ["a: !hush x", "a value that starts with ! must be quoted (line 1)"],
    ["a: !!binary aGk=", "a value that starts with ! must be quoted (line 1)"],
    ["a: &a [*a]", "the document is nested more than 100 levels deep"],
    [`a: ${"[".repeat(200)}${"]".repeat(200)}`, "the document is nested more than 100 levels deep"],
  ])("rejects %j: %s", async (text, problem) => {
    await expect(readMapping(text, noWarning)).rejects.toThrow(new Error(problem));
  });

  it("rejects a document that its aliases make too large", async () => {
    const lines = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(10)}]`);
    await expect(readMapping(["a0: &a0 hush", ...lines].join("\n"), noWarning)).rejects.toThrow(
      "the document is too large after its aliases are resolved",
    );
  });

  it("never shows a value in an error", async () => {
    const hostile = fc.string({ unit: fc.constantFrom(..."hush:'\"[]{}*&!|>@` \n\t-,#%\\") });
    await fc.assert(
      fc.asyncProperty(hostile, async (value) => {
        const problem = await readMapping(`password: ${value}`, noWarning).then(
          () => "",
          (error: Error) => error.message,
        );
        // Errors show names, and a value with a line break can contain what looks like a name.
        if (!problem.startsWith("the key")) expect(problem).not.toMatch(/hush/);
      }),
    );
  });
});

describe("readJsonMapping", () => {
  it("returns typed values, except numbers that JavaScript would change", async () => {
    const text = "a: 5\nb: 1.10\nc: true\nd: ~\ne: '5'\nf: [1, {g: yes}]\nh: 12345678901234567890\ni: -1.5";
    expect(await readJsonMapping(text, noWarning)).toEqual({
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

  it("treats __proto__ as an ordinary name", async () => {
    const read = await readJsonMapping('{"__proto__": {"polluted": 1}}', noWarning);
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
  ])("reads %j as %j", async (text, items) => {
    expect(await readList(text, noWarning)).toEqual(items);
  });

  it.each([
    ["{a: 1}", "expected a list, got a mapping"],
    ["a: 1\nb:", "expected a list, got a mapping"],
    ["- a\n- b: 1", "expected a list of names, but item 2 is a mapping"],
    ["[*]", "a value that starts with * or & must be quoted (line 1, column 2)"],
    ["[a", "a quote, a bracket, a comma or a colon is missing (line 1, column 3)"],
  ])("rejects %j: %s", async (text, problem) => {
    await expect(readList(text, noWarning)).rejects.toThrow(new Error(problem));
  });
});

describe("a value that YAML cuts off at #", () => {
  const warningsOf = async (
    read: (text: string, warn: (text: string) => void) => Promise<unknown>,
    text: string,
  ) => {
    const warnings: string[] = [];
    await read(text, (warning) => warnings.push(warning));
    return warnings;
  };

  it.each([
    ["title: Fix login #123 again", '"title" is'],
    ["title: #123", '"title" is'],
    ["a: x\t#y\nb: 1", '"a" is'],
    ["title: Fix login\n  and #12 more\nb: 1", '"title" is'],
    ["a:\n  - x #1\n  - y\nb: {c: d #e\n}", '"a[0]", "b.c" are'],
    ["my key: x #y", '"my key" is'],
  ])("causes a warning that names the key and does not show the value: %j: %s", async (text, names) => {
    for (const read of [readMapping, readJsonMapping]) {
      const [warning, ...others] = await warningsOf(read, text);
      expect([
        warning?.startsWith(`${names} cut off at " #", which begins a comment in YAML; `),
        others,
      ]).toEqual([true, []]);
      expect(warning).toMatch(
        /; quote the values?, or write toJSON\(\) for text that comes from an expression$/,
      );
    }
  });

  it.each([
    "a: x # comment",
    "a: x #",
    "a: x#y",
    "a: 'x' #y",
    'a: "x #y"',
    "a: |\n  x #y",
    "a: x\n#y\nb: 1",
    "a: x\n  #y\nb: 1",
    "#y\na: x",
    '{"a": "x #y"}',
  ])("causes no warning if nothing follows the # or the # is part of the value: %j", async (text) => {
    expect(await warningsOf(readMapping, text)).toEqual([]);
  });

  it("is an error in secret-variables", async () => {
    const text = "password: hush #1 hush\nother: 1\npin: #2";
    await expect(secretVariableMapping(text, noWarning)).rejects.toThrow(
      /^"password", "pin" are cut off at " #"/,
    );
    await expect(secretVariableMapping(text, noWarning)).rejects.not.toThrow(/hush/);
  });

  it("causes a warning in the items of a list", async () => {
    expect(await warningsOf(readList, "- a #1\n- b # c")).toEqual([
      expect.stringMatching(/^item 1 is cut off/),
    ]);
    expect(await warningsOf(readList, "a #1\nb")).toEqual([]);
  });
});

describe("parseSimpleMapping", () => {
  const words = fc.string({
    unit: fc.constantFrom(..."aZ09_./@+- :#'\"[{}]&*!|>%,?~=\\".split("")),
    maxLength: 8,
  });
  const item = fc.oneof(
    fc.constantFrom("a", "1.10", "null", "a b", "x-y", "~", "-", "a: b", "it''s", "[a]", ""),
    fc.tuple(fc.constantFrom("'", '"'), words).map(([quote, text]) => `${quote}${text}${quote}`),
  );
  const list = fc
    .tuple(
      fc.array(item, { maxLength: 4 }),
      fc.constantFrom(",", ", ", " , ", ",\t"),
      fc.constantFrom("", " ", ","),
    )
    .map(([items, comma, end]) => `[${items.join(comma)}${end}]`);
  const lines = fc.array(
    fc.oneof(
      fc.tuple(fc.constantFrom("l", "m"), fc.oneof(list, item)).map(([name, value]) => `${name}: ${value}`),
      fc
        .tuple(fc.constantFrom("name", "my-key", "null", "a.b", "y", "__proto__"), words)
        .map(([a, b]) => `${a}: ${b}`),
      fc.constantFrom(
        "",
        "a: 1.10",
        "b: 0x1F",
        "c: some text",
        "d: 2026-01-01",
        "e:  x  ",
        "f: no",
        "---",
        "- x",
        "g: x: y",
      ),
      words,
    ),
    { maxLength: 4 },
  );

  it("yields the same as the YAML library for any text that it accepts", async () => {
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom("\n", "\r\n"), async (given, lineBreak) => {
        const text = given.join(lineBreak);
        const simple = parseSimpleMapping(text);
        // The comment makes parseYaml use the library.
        if (simple !== undefined) expect(await parseYaml(`${text}${lineBreak}# comment`)).toEqual(simple);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    "environment: staging\nversion: 1.10\ndry-run: true",
    "a: hello world\r\n\r\nb: v1/x@y+z",
    "a: 'x: y #1'\nb: \"it's\"\nc: ''",
    "a: []\nb: [one]\nc: [ one two , 'a, b', \"[]\",1.10 ]",
  ])("accepts %j, with the same result as the YAML library", async (text) => {
    const simple = parseSimpleMapping(text);
    expect(simple).toMatchObject({ kind: "map" });
    expect(await parseYaml(`${text}\n# comment`)).toEqual(simple);
  });

  it.each([
    "",
    "a: x # y",
    "a: 'it''s'",
    'a: "x\\ty"',
    "a: 'x' y",
    "a: 'x",
    "a:",
    "a: x\na: y",
    " a: x",
    "a: x\n  b",
    "- a",
    "a: [x,]",
    "a: [x, [y]]",
    "a: [x: y]",
    "a: [x",
    "a: [-]",
    "a: x:y",
    "a: -",
  ])("does not accept %j", (text) => {
    expect(parseSimpleMapping(text)).toBeUndefined();
  });
});

describe("parseJsonMapping", () => {
  it("yields the same as the YAML library for any JSON object", async () => {
    const json = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 }));
    await fc.assert(
      fc.asyncProperty(json, fc.constantFrom(undefined, 2), async (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const node = parseJsonMapping(text);
        expect(node).toBeDefined();
        // The comment makes parseYaml use the library.
        expect(node).toEqual(await parseYaml(`${text} # comment`));
      }),
    );
  });

  it("keeps numbers as they are written", () => {
    const node = parseJsonMapping(
      '{"a": 1.10, "b": 12345678901234567890, "c": "x: y", "d": [1e3, null, true]}',
    );
    const plain = (text: string) => ({ kind: "scalar", text, plain: true, cutOff: false });
    expect([...(node?.entries ?? [])]).toEqual([
      ["a", plain("1.10")],
      ["b", plain("12345678901234567890")],
      ["c", { ...plain("x: y"), plain: false }],
      ["d", { kind: "list", items: [plain("1e3"), plain("null"), plain("true")] }],
    ]);
  });

  it.each([
    '{"a": 1, "a": 2}',
    '{"x": {"a": 1, "a": 2}}',
    '{"a": 1,}',
    "{a: 1}",
    "[1]",
    '"a"',
    `${'{"a":'.repeat(101)}1${"}".repeat(101)}`,
  ])("does not accept %s", (text) => {
    expect(parseJsonMapping(text)).toBeUndefined();
  });
});

describe("JSON in quotes", () => {
  const problem = "JSON must not be wrapped in quotes; remove the quotes around it";

  it.each([`'{"a": "b"}'`, `"{"a": "b"}"`, `"{\\"a\\": \\"b\\"}"`, ` '{"a":\n"b"}'\n`])(
    "is rejected as a mapping: %s",
    async (text) => {
      await expect(readMapping(text, noWarning)).rejects.toThrow(problem);
    },
  );

  it.each([`'["a"]'`, `"["a", "b"]"`])("is rejected as a list: %s", async (text) => {
    await expect(readList(text, noWarning)).rejects.toThrow(problem);
  });

  it("is accepted as a name and as a value", async () => {
    const text = `'[a]': '{"b": 1}'`;
    expect(await readMapping(text, noWarning)).toEqual([["[a]", scalar('{"b": 1}')]]);
  });
});

describe("secret-variables", () => {
  const warningsOf = async (text: string) => {
    const warnings: string[] = [];
    await secretVariableMapping(text, (warning) => warnings.push(warning));
    return warnings;
  };

  it("cause one warning that names the variables with short values or common words", async () => {
    const warnings = await warningsOf("debug: true\npin: 1\nstage: Production\nkey: hunter2-hunter2\nblank:");
    expect(warnings).toEqual([
      expect.stringMatching(
        /^"debug", "pin", "stage" have values of fewer than 6 characters or a common word/,
      ),
    ]);
    expect(warnings.join()).not.toMatch(/hunter2|true|Production/);
  });

  it("cause one warning that names the variables with short lines, each of which the runner masks", async () => {
    const warnings = await warningsOf(
      'json: |\n  {\n    "key": "hunter2"\n  }\npin: 1\nkey: hunter2-hunter2',
    );
    expect(warnings).toEqual([
      expect.stringMatching(/^"pin" has a value of fewer than 6 characters/),
      expect.stringMatching(/^"json" has a line of fewer than 6 characters .* write JSON on a single line$/),
    ]);
    expect(warnings.join()).not.toMatch(/hunter2/);
  });

  it("cause no warning for other values", async () => {
    expect(await warningsOf("key: hunter2\nblank: ''\nlines: |\n  hunter2\n\n  hunter3\n")).toEqual([]);
  });
});
