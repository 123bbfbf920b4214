import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  createLineSplitter,
  mayBeCommand,
  parseCommand,
  splitLines,
} from "../../runner-emulator/commands.ts";
import { describeWithShared, sharedPath } from "../support/shared.ts";

interface Vector {
  readonly text: string;
  readonly lines: readonly (object | null)[];
}

describeWithShared("runner/command-vectors.json", "the command parser", () => {
  it("parses every recorded text as the runner does", () => {
    const vectors = JSON.parse(readFileSync(sharedPath("runner/command-vectors.json"), "utf8")) as Vector[];
    const ours = vectors.map(({ text }) => ({
      text,
      lines: splitLines(text).map((line) => parseCommand(line) ?? null),
    }));
    expect(ours).toEqual(vectors);
    expect(vectors.length).toBeGreaterThan(400);
  });
});

describe("parseCommand", () => {
  it.each([
    ["\u2003::error::x", { command: "error", properties: {}, data: "x" }],
    ["\ufeff::error::x", undefined],
    ["::error:\u0488:x", { command: "error", properties: {}, data: ":x" }],
    ["::error:\u200b:x", { command: "error", properties: {}, data: ":x" }],
    ["\u200b::error::x", undefined],
    ["#\u200b#[error]x", undefined],
    ["::error a==b,,c=::x", { command: "error", properties: { a: "b" }, data: "x" }],
    ["::error title=a,TITLE=b::x", { command: "error", properties: { title: "b" }, data: "x" }],
    [
      "::error title=%2C%3A%250A::%250A%0D",
      { command: "error", properties: { title: ",:%0A" }, data: "%0A\r" },
    ],
    ["::error title=%3B::%3A%5D", { command: "error", properties: { title: "%3B" }, data: "%3A%5D" }],
    ["##[error title=a%3Bb]%3B%5D", { command: "error", properties: { title: "a;b" }, data: ";]" }],
    ["::no::##[error]x", { command: "error", properties: {}, data: "x" }],
    ["##[no]##[error]x", undefined],
    ["::notıce::x", undefined],
    ["::ſet-output name=a::x", undefined],
  ])("parses %j as %j", (line, command) => {
    expect(parseCommand(line)).toEqual(command);
  });

  it("ignores a command that is not registered", () => {
    expect(parseCommand("::token::")).toBeUndefined();
    expect(parseCommand("x ##[TOKEN]", ["token"])).toEqual({ command: "TOKEN", properties: {}, data: "" });
  });
});

describe("mayBeCommand", () => {
  it.each(["\u200b::error::x", "#\u2060#[error]x", "\0::error::x", "::error::x"])(
    "is true for %j",
    (line) => {
      expect(mayBeCommand(line)).toBe(true);
    },
  );

  it.each(["| ::error::x", "##[\\error]x", "# #[error]x", "a: b"])("is false for %j", (line) => {
    expect(mayBeCommand(line)).toBe(false);
  });
});

describe("createLineSplitter", () => {
  it("splits a text into the same lines however it is chunked", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\r", "\n", "b") });
    fc.assert(
      fc.property(fc.array(text), (chunks) => {
        const lines: string[] = [];
        const splitter = createLineSplitter((line) => lines.push(line));
        for (const chunk of chunks) splitter.push(chunk);
        splitter.end();
        expect(lines).toEqual(splitLines(chunks.join("")));
      }),
    );
  });
});
