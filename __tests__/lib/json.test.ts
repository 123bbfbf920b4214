import fc from "fast-check";
import { expect, it } from "vitest";
import { deepMerge, type JsonObject } from "../../src/lib/json.ts";

const objects = fc
  .dictionary(fc.string(), fc.jsonValue())
  .map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);

it("merges objects, replaces lists and scalars, changes neither", () => {
  const target = { a: { b: 1, c: [1, 2] }, d: "x" };
  expect(deepMerge(target, { a: { c: [3], e: null }, d: { f: 1 } })).toEqual({
    a: { b: 1, c: [3], e: null },
    d: { f: 1 },
  });
  expect(target).toEqual({ a: { b: 1, c: [1, 2] }, d: "x" });
});

it("keeps what only one side has", () => {
  fc.assert(
    fc.property(objects, (value) => {
      expect(deepMerge(value, {})).toEqual(value);
      expect(deepMerge({}, value)).toEqual(value);
      expect(deepMerge(value, value)).toEqual(value);
    }),
  );
});

it("takes __proto__ for a name like any other", () => {
  const hostile = JSON.parse(
    '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
  );
  const merged = deepMerge(deepMerge({}, hostile), hostile);
  expect(JSON.parse(JSON.stringify(merged))).toEqual(hostile);
  expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});
