import { expect, it } from "vitest";
import { tokenExpiry } from "../../src/auth/oauth.ts";

const requestedAt = Date.parse("2026-06-02T12:00:00Z");

const epoch = requestedAt / 1_000;

const hour = 3_600;

it.each<[string, Record<string, unknown>, number]>([
  ["a number", { expires_in: 3599 }, 3599],
  ["text", { expires_in: "86399" }, 86_399],
  ["a fraction", { expires_in: "59.5" }, 59.5],
  ["neither field", {}, hour],
  ["null", { expires_in: null }, hour],
  ["blank", { expires_in: "" }, hour],
  ["words", { expires_in: "soon" }, hour],
  ["a negative number", { expires_in: -1 }, hour],
  ["zero", { expires_in: 0 }, 0],
  ["a time as text", { expires_on: String(epoch + 600) }, 600],
  ["a time as a number", { expires_on: epoch + 600 }, 600],
  ["a formatted time", { expires_on: "6/2/2026 12:10:00 PM +00:00" }, 600],
  ["both fields: the earlier time counts", { expires_in: "86399", expires_on: String(epoch + 600) }, 600],
  [
    "both fields, and the time has passed, since the runner's clock is wrong",
    { expires_in: 300, expires_on: epoch - 10 },
    300,
  ],
  ["the Azure CLI's fields", { expiresOn: "ignored", expires_on: epoch + 60 }, 60],
])("tokenExpiry reads %s: %j as %d s", (_, body, seconds) => {
  expect((tokenExpiry(body, requestedAt) - requestedAt) / 1_000).toBe(seconds);
});
