import { expect, it } from "vitest";
import { msBetween, parseTime, spanDurationMs } from "../../src/lib/time.ts";

const one = "2026-06-02T14:40:00Z";

const two = "2026-06-02T14:40:02.5Z";

it.each([null, undefined, "", "soon", "0001-01-01T00:00:00", "1970-01-01T00:00:00Z"])(
  "parseTime(%j) is undefined",
  (iso) => {
    expect(parseTime(iso)).toBeUndefined();
  },
);

it("msBetween and spanDurationMs measure a duration, which is never negative", () => {
  expect(parseTime(one)).toBe(Date.UTC(2026, 5, 2, 14, 40));
  expect([msBetween(one, two), msBetween(two, one)]).toEqual([2_500, 0]);
  expect(spanDurationMs({ startedAt: one, finishedAt: two })).toBe(2_500);
  expect([msBetween(null, two), msBetween(one, null)]).toEqual([undefined, undefined]);
});
