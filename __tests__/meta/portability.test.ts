import { expect, test } from "vitest";
import { filesOf, textOf } from "./repository.ts";

/** What is bundled and what is drawn is not written here. */
const written = filesOf().filter((path) => !/^dist\/|\.(png|jpe?g|gif|zip|pem|der)$/.test(path));

const texts = written.map((path) => ({ path, text: textOf(path) }));

function filesWith(pattern: RegExp): string[] {
  return texts.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
}

// Which folders give a machine away is fixed: what this test says does not depend on where it runs.
test("no file names somebody's home", () => {
  // Those of the hosted agents and runners are the same everywhere.
  expect(filesWith(/(?<![\w.])\/(home|Users)\/(?!vsts\b|runner\b|\()[a-z]\w*\//)).toEqual([]);
  expect(filesWith(/(?<![\w.])\/root\/(?!\()/)).toEqual([]);
  expect(filesWith(/\b[A-Z]:\\Users\\(?!runneradmin)\w/)).toEqual([]);
});

test("no file names a registry: where packages come from is the reader's to choose", () => {
  expect(filesWith(/https?:\/\/(registry\.|[\w.-]*(artifactory|nexus|verdaccio)[\w.-]*\/)/)).toEqual([]);
  expect(textOf("package-lock.json")).not.toMatch(/"resolved": "https?:/);
  expect(textOf(".npmrc")).not.toMatch(/registry *=|_auth/);
});
