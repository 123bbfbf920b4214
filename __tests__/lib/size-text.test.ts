import { expect, it } from "vitest";
import { sizeText } from "../../src/lib/text.ts";

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1 kB"],
  [4_249, "4.2 kB"],
  [9_949, "9.9 kB"],
  [9_950, "10 kB"],
  [88_400, "88 kB"],
  [999_499, "999 kB"],
  [999_500, "1 MB"],
  [4_200_000, "4.2 MB"],
  [3e12, "3 TB"],
  [5e15, "5000 TB"],
])("sizeText(%d) is %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
