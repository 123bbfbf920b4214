import { expect, it } from "vitest";
import { tokenExpiry } from "../../src/auth/oauth.ts";

const askedAt = Date.parse("2026-06-02T12:00:00Z");

const epoch = askedAt / 1_000;

const hour = 3_600;

it.each<[string, Record<string, unknown>, number]>([
  ["a number", { expires_in: 3599 }, 3599],
  ["text", { expires_in: "86399" }, 86_399],
  ["a fraction", { expires_in: "59.5" }, 59.5],
  ["nothing", {}, hour],
  ["null", { expires_in: null }, hour],
  ["blank", { expires_in: "" }, hour],
  ["words", { expires_in: "soon" }, hour],
  ["less than nothing", { expires_in: -1 }, hour],
  ["no time at all", { expires_in: 0 }, 0],
  ["a moment as text", { expires_on: String(epoch + 600) }, 600],
  ["a moment as a number", { expires_on: epoch + 600 }, 600],
  ["a moment in words", { expires_on: "6/2/2026 12:10:00 PM +00:00" }, 600],
  ["both: the earlier", { expires_in: "86399", expires_on: String(epoch + 600) }, 600],
  ["both, the moment over already: our clock is wrong", { expires_in: 300, expires_on: epoch - 10 }, 300],
  ["the Azure CLI's", { expiresOn: "ignored", expires_on: epoch + 60 }, 60],
])("%s", (_, body, seconds) => {
  expect((tokenExpiry(body, askedAt) - askedAt) / 1_000).toBe(seconds);
});
