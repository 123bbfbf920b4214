import { homedir, hostname } from "node:os";
import { expect, test } from "vitest";
import { filesOf, root, textOf } from "./repository.ts";

/** What is bundled and what is drawn is not written here. */
const written = filesOf().filter((path) => !/^dist\/|\.(png|jpe?g|gif|zip|pem|der)$/.test(path));
const texts = written.map((path) => ({ path, text: textOf(path) }));

function filesWith(pattern: RegExp): string[] {
  return texts.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
}

test("no file names this machine", () => {
  const places = [root, homedir(), hostname()].filter((place) => place.length > 4);
  for (const place of places) {
    const bounded = new RegExp(`(?<![\\w./-])${escaped(place)}(?![\\w.-])`);
    expect(filesWith(bounded), place).toEqual([]);
  }
});

test("no file names somebody's home", () => {
  // Those of the hosted agents and runners are the same everywhere.
  expect(filesWith(/(?<![\w.])\/(home|Users)\/(?!vsts\b|runner\b|\()[a-z]\w*\//)).toEqual([]);
  expect(filesWith(/\b[A-Z]:\\Users\\(?!runneradmin)\w/)).toEqual([]);
});

test("no file names a registry: where packages come from is the reader's to choose", () => {
  expect(filesWith(/https?:\/\/(registry\.|[\w.-]*(artifactory|nexus|verdaccio)[\w.-]*\/)/)).toEqual([]);
  expect(textOf("package-lock.json")).not.toMatch(/"resolved": "https?:/);
  expect(textOf(".npmrc")).not.toMatch(/registry *=|_auth/);
});

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
}
