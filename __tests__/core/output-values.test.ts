import { parseEnv } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkOutputName,
  namesInOtherCase,
  outputText,
  parseArtifactOutputs,
  reservedOutputs,
} from "../../src/core/output-values.ts";

describe("outputText", () => {
  it.each([
    ["text ", "text "],
    [null, ""],
    [undefined, ""],
    [0, "0"],
    [false, "false"],
    [[1, "a"], '[1,"a"]'],
    [{ a: null }, '{"a":null}'],
    [() => 1, ""],
  ])("of %j is %j", (value, text) => {
    expect(outputText(value)).toBe(text);
  });
});

describe("parseArtifactOutputs", () => {
  const read = (name: string, text: string) => parseArtifactOutputs(name, text, parseEnv);

  it("reads a JSON object, even after a byte order mark", () => {
    const text = '\uFEFF{"tag": "v1", "none": null, "ok": true, "list": [1, {"a": 1.10}], "__proto__": "x"}';
    expect(read("values.json", text)).toEqual([
      ["tag", "v1"],
      ["none", ""],
      ["ok", "true"],
      ["list", '[1,{"a":1.10}]'],
      ["__proto__", "x"],
    ]);
  });

  it("keeps numbers as they were written", () => {
    expect(read("x", '{"v": 1.10, "id": 12345678901234567890}')).toEqual([
      ["v", "1.10"],
      ["id", "12345678901234567890"],
    ]);
  });

  it("reads .env as Node does", () => {
    const text = "\uFEFFA=1\nexport B='two words' # why\nC=\"x\\ny\"\n";
    expect(read("build.env", text)).toEqual(Object.entries(parseEnv(text.slice(1))));
    expect(read("outputs", "A=1")).toEqual([["A", "1"]]);
    expect(read(".env", "{A=1")).toEqual([["{A", "1"]]);
  });

  it.each([
    ["values.json", "[1]", 'expected one JSON object in "values.json"'],
    ["values.json", "secret", '"values.json" is not valid JSON'],
    ["values", '{"a": hush', '"values" is not valid JSON'],
    ["values.json", `{"a": ${"[".repeat(5_000)}${"]".repeat(5_000)}}`, '"values.json" is nested too deeply'],
  ])("rejects %s with %.20s: %s", (name, text, problem) => {
    expect(() => read(name, text)).toThrow(new Error(problem));
  });

  it("returns every string of every object", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (object) => {
        expect(read("x.json", JSON.stringify(object))).toEqual(
          Object.entries(JSON.parse(JSON.stringify(object))),
        );
      }),
    );
  });
});

describe("checkOutputName", () => {
  it.each(["image-tag", "a.b", "Größe", "tag_1"])("accepts %s", (name) => {
    expect(() => checkOutputName(name)).not.toThrow();
  });

  it.each(["", "  ", "a\nb", "a=b", "a<<EOF", "a<", " a", "a\r"])("rejects %j", (name) => {
    expect(() => checkOutputName(name)).toThrow(/output/);
  });

  it.each([...reservedOutputs, "Run-Id"])("reserves %s for the action", (name) => {
    expect(() => checkOutputName(name)).toThrow("is an output of the action itself");
  });
});

it("namesInOtherCase finds a name among 100,000 in linear time", () => {
  const names = Array.from({ length: 100_000 }, (_, index) => `name${index}`);
  const before = process.cpuUsage();
  expect(namesInOtherCase([...names, "Name7", "NAME7"])).toEqual(["Name7", "NAME7"]);
  expect(process.cpuUsage(before).user).toBeLessThan(1_000_000);
});
