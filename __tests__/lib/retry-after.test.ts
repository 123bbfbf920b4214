import { describe, expect, it } from "vitest";
import { retryAfterMs } from "../../src/lib/retry.ts";

describe("Retry-After", () => {
  it.each([
    ["30", 30_000],
    ["2.5", 2_500],
    ["0", 0],
    [" 4 ", 4_000],
    ["Thu, 01 Jan 1970 00:01:40 GMT", 90_000],
    ["Thu, 01 Jan 1970 00:00:00 GMT", 0],
    ["0.25", 250],
    ["soon", undefined],
    ["5 or so", undefined],
  ])("%s", (value, expected) => {
    expect(retryAfterMs({ "retry-after": value }, 10_000)).toBe(expected);
  });

  it("is no wish where there is none", () => {
    expect(retryAfterMs({}, 10_000)).toBeUndefined();
  });

  it("as a date goes by the clock of whoever answered", () => {
    const headers = { date: "Thu, 01 Jan 1970 01:00:00 GMT", "retry-after": "Thu, 01 Jan 1970 01:00:03 GMT" };
    expect(retryAfterMs(headers, 10_000)).toBe(3_000);
    expect(retryAfterMs({ ...headers, date: "never" }, 10_000)).toBe(3_593_000);
  });
});
