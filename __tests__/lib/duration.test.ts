import { expect, it } from "vitest";
import { medianOf } from "../../src/core/progress.ts";
import { sizeText } from "../../src/lib/text.ts";
import { approximateDurationText, clockText, durationText, parseTime } from "../../src/lib/time.ts";

it.each([
  [0, "0 s"],
  [499, "0 s"],
  [53_000, "53 s"],
  [59_600, "1 min"],
  [147_000, "2 min 27 s"],
  [360_000, "6 min"],
  [3_599_600, "1 h"],
  [3_840_000, "1 h 04 min"],
  [86_400_000, "1 d"],
  [183_600_000, "2 d 03 h"],
  [-5, "0 s"],
])("durationText(%i) is %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

it.each([
  [14_000, "0:14"],
  [725_999, "12:05"],
  [3_723_000, "1:02:03"],
  [-1, "0:00"],
])("clockText(%i) is %s", (ms, text) => {
  expect(clockText(ms)).toBe(text);
});

it.each([
  [400, "1 s"],
  [20_400, "20 s"],
  [59_900, "1 min"],
  [100_000, "2 min"],
  [3_700_000, "1 h 02 min"],
])("approximateDurationText(%i) is %s", (ms, text) => {
  expect(approximateDurationText(ms)).toBe(text);
});

it.each([
  [0, "0 B"],
  [999, "999 B"],
  [88_000, "88 kB"],
  [4_200_000, "4.2 MB"],
  [999_600, "1 MB"],
  [12_345_678_901, "12 GB"],
])("sizeText(%i) is %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

it("medianOf returns the middle value, or the mean of the two middle values", () => {
  expect(medianOf([])).toBeUndefined();
  expect(medianOf([9, 1, 5])).toBe(5);
  expect(medianOf([9, 1, 5, 7])).toBe(6);
});

it("parseTime returns undefined for the year 1, which the service uses as null", () => {
  expect(parseTime("0001-01-01T00:00:00")).toBeUndefined();
  expect(parseTime("2026-06-02T12:37:12.2966667Z")).toBe(Date.UTC(2026, 5, 2, 12, 37, 12, 296));
});
