import fc from "fast-check";
import { expect, it } from "vitest";
import { createRedactor } from "../../src/github/sanitize-log.ts";
import { codeSpan, escapeMarkdown, fencedBlock } from "../../src/render/markdown.ts";

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

const encodings: readonly (readonly [string, (text: string) => string])[] = [
  ["as it is", (text) => text],
  ["in Markdown", escapeMarkdown],
  ["in a code span", codeSpan],
  ["in a fenced block", (text) => fencedBlock([text])],
  ["in JSON", (text) => JSON.stringify({ text })],
  ["in JSON in JSON", (text) => JSON.stringify({ text: JSON.stringify({ text }) })],
  ["as Markdown in JSON", (text) => JSON.stringify({ summary: escapeMarkdown(text) })],
  ["in a URL", (text) => encodeURIComponent(text)],
  [
    "as HTML entities",
    (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;"),
  ],
  ["in Basic authentication", (text) => `Basic ${Buffer.from(`:${text}`).toString("base64")}`],
];

const secretText = fc
  .string({
    unit: fc.constantFrom(..."abcXYZ0189~_-.*`\"'\\<>&@#:/|$ ".split("")),
    minLength: 8,
    maxLength: 60,
  })
  .map((text) => `s${text.trim()}cret9`);

it.each(encodings)("finds a secret %s", (_, encode) => {
  fc.assert(
    fc.property(secretText, (secret) => {
      const redactor = createRedactor();
      redactor.add(secret);
      const text = redactor.redactRendered(encode(secret));
      expect(text).toContain("***");
      expect(text).not.toMatch(/cret9/);
    }),
  );
});

it("leaves JSON that can be read, whatever stands before a secret", () => {
  fc.assert(
    fc.property(
      secretText,
      fc.string({ unit: fc.constantFrom(...'\\"n\n*'.split("")), maxLength: 9 }),
      (secret, prefix) => {
        const redactor = createRedactor();
        redactor.add(secret);
        const body = redactor.redactRendered(JSON.stringify({ text: prefix + secret }));
        expect(JSON.parse(body).text).toMatch(/\*\*\*$/);
      },
    ),
  );
});

it("takes linear time on hostile text", () => {
  const redactor = createRedactor();
  for (const secret of ["aaaaaaaa aaaaaaaa", "\\\\\\\\\\\\\\\\", "x".repeat(2_000)]) redactor.add(secret);
  for (const text of ["a", "a ", "\\", "x", "%20", "&#8203;", "`"])
    expect(redactor.redactRendered(text.repeat(100_000))).toBeDefined();
});
