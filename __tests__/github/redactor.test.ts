import { expect, it } from "vitest";
import { createRedactor } from "../../src/github/sanitize-log.ts";

const hiding = (...known: readonly string[]) => {
  const secrets = createRedactor();
  for (const secret of known) secrets.add(secret);
  return secrets.redact;
};

it("hides each line of a secret, and not what is too short to be told from other words", () => {
  expect(hiding("first line\r\n second line \n12")("a second line, 12 of a first line")).toBe(
    "a ***, 12 of a ***",
  );
});

it("hides the longer of two secrets whole, whichever was known first", () => {
  for (const known of [
    ["hunter2", "hunter2-production"],
    ["hunter2-production", "hunter2"],
  ])
    expect(hiding(...known)("hunter2-production, hunter2")).toBe("***, ***");
});

it("hides a secret as JSON writes it", () => {
  const secret = 'pass"word\\\t1';
  expect(hiding(secret)(JSON.stringify({ secret }))).toBe('{"secret":"***"}');
});
