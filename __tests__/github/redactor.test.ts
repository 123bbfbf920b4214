import fc from "fast-check";
import { expect, it } from "vitest";
import { createRedactor } from "../../src/github/sanitize-log.ts";
import { codeSpan, escapeMarkdown, fencedBlock } from "../../src/render/markdown.ts";

const redactorOf = (...secrets: readonly string[]) => {
  const redactor = createRedactor();
  for (const secret of secrets) redactor.add(secret);
  return redactor.redact;
};

it("redact replaces each line of a secret, except very short ones", () => {
  expect(redactorOf("first line\r\n second line \n12")("a second line, 12 of a first line")).toBe(
    "a ***, 12 of a ***",
  );
});

it("redact replaces the longer of two overlapping secrets, in either order", () => {
  for (const secrets of [
    ["hunter2", "hunter2-production"],
    ["hunter2-production", "hunter2"],
  ])
    expect(redactorOf(...secrets)("hunter2-production, hunter2")).toBe("***, ***");
});

it("redact replaces a secret in its JSON form", () => {
  const secret = 'pass"word\\\t1';
  expect(redactorOf(secret)(JSON.stringify({ secret }))).toBe('{"secret":"***"}');
});

it("redact replaces a secret in the body of a form", () => {
  const secret = "zX8Q~fGh!(1)Lm2 'Np3'";
  expect(redactorOf(secret)(new URLSearchParams({ secret }).toString())).toBe("secret=***");
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
  ["in a form", (text) => new URLSearchParams({ text }).toString()],
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

it.each(encodings)("redactRendered replaces a secret %s", (_, encode) => {
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

it("redactRendered yields valid JSON, whatever precedes the secret", () => {
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

it("redactRendered takes linear time for hostile text", () => {
  const redactor = createRedactor();
  for (const secret of ["aaaaaaaa aaaaaaaa", "\\\\\\\\\\\\\\\\", "x".repeat(2_000)]) redactor.add(secret);
  for (const text of ["a", "a ", "\\", "x", "%20", "&#8203;", "`"])
    expect(redactor.redactRendered(text.repeat(100_000))).toBeDefined();
});

it("redactRendered replaces an encrypted token of two thousand characters, also in Markdown", () => {
  const part = (length: number) => "aZ_9-".repeat(length / 5);
  const token = [part(100), part(340), part(20), part(1_500), part(40)].join(".");
  const redactor = createRedactor();
  redactor.add(token);
  for (const text of [token, escapeMarkdown(token), encodeURIComponent(token)])
    expect(redactor.redactRendered(`a ${text} b`)).toMatch(/^a [*\\]+ b$/);
});
