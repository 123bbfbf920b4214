import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  asId,
  asObject,
  deepMerge,
  isNestedTooDeeply,
  type JsonObject,
  parseJson,
  parseJsonObject,
} from "../../src/lib/json.ts";

const objects = fc
  .dictionary(fc.string(), fc.jsonValue())
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

it("deepMerge merges objects, replaces lists and scalars, and does not change its arguments", () => {
  const target = { a: { b: 1, c: [1, 2] }, d: "x" };
  expect(deepMerge(target, { a: { c: [3], e: null }, d: { f: 1 } })).toEqual({
    a: { b: 1, c: [3], e: null },
    d: { f: 1 },
  });
  expect(target).toEqual({ a: { b: 1, c: [1, 2] }, d: "x" });
});

it("deepMerge keeps the properties that only one object has", () => {
  fc.assert(
    fc.property(objects, (value) => {
      expect(deepMerge(value, {})).toEqual(value);
      expect(deepMerge({}, value)).toEqual(value);
      expect(deepMerge(value, value)).toEqual(value);
    }),
  );
});

it("deepMerge treats __proto__ as an ordinary name", () => {
  const hostile = JSON.parse(
    '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
  );
  const merged = deepMerge(deepMerge({}, hostile), hostile);
  expect(JSON.parse(JSON.stringify(merged))).toEqual(hostile);
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

describe("JSON", () => {
  it("fields are read at a path, and are empty if there is no object", () => {
    const value = parseJson('{"a": {"b": {"c": 1}}, "list": [1]}');
    expect(asObject(value, "a", "b")).toEqual({ c: 1 });
    expect([asObject(value, "a", "b", "c"), asObject(value, "list"), asObject(null, "a")]).toEqual([
      {},
      {},
      {},
    ]);
  });

  it("is parsed after a byte order mark, and is undefined if the text is not JSON", () => {
    expect(parseJson("\uFEFFnull")).toBeNull();
    expect([parseJson(""), parseJson('{"a": ')]).toEqual([undefined, undefined]);
  });

  it("is not parsed if it is nested more than 500 levels deep", () => {
    const nested = (depth: number) => `${'{"a": ['.repeat(depth / 2)}${"]}".repeat(depth / 2)}`;
    expect([isNestedTooDeeply(nested(500)), isNestedTooDeeply(nested(502))]).toEqual([false, true]);
    expect(parseJson(nested(5_000))).toBeUndefined();
  });

  it("is not nested by the brackets in its strings, or by those that are closed", () => {
    const text = JSON.stringify(Array(600).fill(["[{", '"[{', '\\"[{', "\\"]));
    expect(parseJson(text)).toEqual(JSON.parse(text));
    expect(isNestedTooDeeply('"unfinished [')).toBe(false);
  });

  it("lists and strings are not objects", () => {
    expect(['{"a": 1}', "[1]", '"a"', "null"].map(parseJsonObject)).toEqual([
      { a: 1 },
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("fractions and numbers beyond 2^53 are not ids", () => {
    expect([1, 0, 1.5, 2 ** 53, "1"].map(asId)).toEqual([1, null, null, null, null]);
  });
});
