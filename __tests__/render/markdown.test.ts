import fc from "fast-check";
import MarkdownIt from "markdown-it";
import { describe, expect, it } from "vitest";
import { oneLine } from "../../src/lib/text.ts";
import { codeSpan, escapeMarkdown, fencedBlock, link, safeUrl, tableRow } from "../../src/render/markdown.ts";
import { untrustedText } from "./untrusted-text.ts";

const parser = new MarkdownIt({ html: true, linkify: true });

// Like GitHub: link URLs with a scheme, but not bare host names.
parser.linkify.set({ fuzzyLink: false, fuzzyIP: false });

/** The types of all tokens except texts. */
function shape(markdown: string): string[] {
  return parser
    .parse(markdown, {})
    .flatMap((token) => [
      token.type,
      ...(token.children ?? [])
        .map((child) => child.type)
        .filter((type) => type !== "text" && type !== "text_special" && type !== "code_inline"),
    ]);
}

/** The visible text, without zero-width spaces. */
function read(markdown: string): string {
  const texts = parser.parseInline(markdown, {}).flatMap((token) => token.children ?? []);
  return texts
    .map((token) => token.content)
    .join("")
    .replaceAll("\u200B", "");
}

describe("escapeMarkdown", () => {
  it.each([
    ["Smoke tests", "Smoke tests"],
    ["20261122.3", "20261122.3"],
    ["a_b-c.d (x)", "a_b-c.d (x)"],
    ["_a_", String.raw`\_a\_`],
    ["a|b", String.raw`a\|b`],
    ["# x", String.raw`\# x`],
    ["1. x", String.raw`1\. x`],
    ["- x", String.raw`\- x`],
    ["a\r\nb", "a b"],
    ["<b>&lt;", String.raw`\<b\>\&lt;`],
    ["@octocat", "@&#8203;octocat"],
    ["owner/repo#12", "owner/repo#&#8203;12"],
    [":tada:", ":&#8203;tada:"],
    ["https://x.example", "`https://x.example`"],
    ["see (https://x.example/a?b=1&c=2#l-39).", "see (`https://x.example/a?b=1&c=2#l-39`)."],
    ["www.x.example", "`www.x.example`"],
    ["at deadbeef1", "at `deadbeef1`"],
    ["release.manager@contoso.example", "`release.manager@contoso.example`"],
    ["job 12f1170f-54f2-53f3-20dd-22fc7dff55f9, then", "job `12f1170f-54f2-53f3-20dd-22fc7dff55f9`, then"],
    ["12345678", "12345678"],
    ["\u202Eabc\uD800", "abc\uFFFD"],
    ["\u3164\u00AD", ""],
  ])("of %j is %s", (text, expected) => {
    expect(escapeMarkdown(text)).toBe(expected);
  });

  it("yields one plain text that reads like the original, whatever the original contains", () => {
    fc.assert(
      fc.property(untrustedText, (text) => {
        expect(shape(escapeMarkdown(text))).toEqual(shape("x"));
        expect(read(escapeMarkdown(text))).toBe(oneLine(text));
      }),
      { numRuns: 500 },
    );
  });

  it("yields text that stays within its cell, list item, heading and emphasis", () => {
    const frames = [
      (text: string) => `| a | b |\n|---|---|\n${tableRow([text, `**${text}**`])}\n| c | d |`,
      (text: string) => `- ${text}\n- ${text}`,
      (text: string) => `## ${text}: *${text}*\n\nnext`,
    ];
    fc.assert(
      fc.property(untrustedText, fc.constantFrom(...frames), (text, frame) => {
        expect(shape(frame(escapeMarkdown(text)))).toEqual(shape(frame("x")));
      }),
      { numRuns: 500 },
    );
  });

  it("leaves no text that GitHub turns into a mention or a reference", () => {
    fc.assert(
      fc.property(untrustedText, (text) => {
        const seen = parser
          .parseInline(escapeMarkdown(text), {})
          .flatMap((token) => token.children ?? [])
          .filter((token) => token.type !== "code_inline")
          .map((token) => token.content)
          .join(" ");
        expect(seen).not.toMatch(/@[a-z\d]|#\d|\bGH-\d|:[\w+-]+:|https?:\/\/|\bwww\./i);
      }),
      { numRuns: 500 },
    );
  });

  it("takes time proportional to the text's length", () => {
    // Quadratic time would exceed a second of CPU time.
    for (const text of [
      "a:",
      "@",
      "[",
      "`",
      "_",
      "deadbeef",
      "&#",
      "http:",
      ":a",
      "a://",
      "www.",
      "a@a.",
      "1a-",
    ]) {
      const before = process.cpuUsage();
      expect(escapeMarkdown(text.repeat(50_000))).not.toBe("");
      expect([text, process.cpuUsage(before).user < 1_000_000]).toEqual([text, true]);
    }
  });
});

describe("codeSpan and fencedBlock", () => {
  it("contain the whole text, whatever it is, and nothing after it", () => {
    fc.assert(
      fc.property(untrustedText, (text) => {
        expect(shape(`a ${codeSpan(text)} b`)).toEqual(shape("a `x` b"));
        expect(shape(`${fencedBlock([text, text])}\n\nnext`)).toEqual(shape("```text\nx\n```\n\nnext"));
      }),
      { numRuns: 500 },
    );
  });

  it("remove colours and control characters, and keep tabs", () => {
    expect(fencedBlock(["\u001B[1;31mred\u001B[0m\u0007", "a\tb", "```js", "c\rd"])).toBe(
      "````text\nred\na\tb\n```js\nc\nd\n````",
    );
  });
});

describe("link", () => {
  it("yields one link to the URL, whatever text and path contain", () => {
    fc.assert(
      fc.property(untrustedText, untrustedText, (text, path) => {
        const url = `https://dev.azure.com/contoso/${path}`;
        expect(shape(`a ${link(text, url)} b`)).toEqual(shape("a [x](https://y) b"));
        expect(safeUrl(url)).toMatch(/^https:\/\/dev\.azure\.com\/contoso\//);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["https://dev.azure.com/contoso/web/_build/results?buildId=345&view=logs"],
    ["http://127.0.0.1:8080/contoso/_build"],
    ["http://localhost:8080/"],
    ["http://[::1]:8080/x"],
  ])("links to %s", (url) => {
    expect(link("x", url)).toBe(`[x](${url})`);
  });

  it.each([
    "http://contoso.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://u:p@contoso.example/",
    "no",
    "",
  ])("yields only the text for the URL %j", (url) => {
    expect(link("x", url)).toBe("x");
  });
});
