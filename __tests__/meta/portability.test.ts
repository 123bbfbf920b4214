import { expect, test } from "vitest";
import { filesOf, textOf } from "./repository.ts";

/** All text files that people write: no bundles, no images. */
const sourceFiles = filesOf().filter((path) => !/^dist\/|\.(png|jpe?g|gif|zip|pem|der)$/.test(path));

const texts = sourceFiles.map((path) => ({ path, text: textOf(path) }));

function filesWith(pattern: RegExp): string[] {
  return texts.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
}

// A fixed list of folders, so that the result does not depend on the machine that runs the test.
test("no file contains the path of a home folder", () => {
  // The home folders of hosted agents and runners are the same everywhere.
  expect(filesWith(/(?<![\w.])\/(home|Users)\/(?!vsts\b|runner\b|\()[a-z]\w*\//)).toEqual([]);
  expect(filesWith(/(?<![\w.])\/root\/(?!\()/)).toEqual([]);
  expect(filesWith(/\b[A-Z]:\\Users\\(?!runneradmin)\w/)).toEqual([]);
});

test("no file names a package registry, since readers choose their own", () => {
  expect(filesWith(/https?:\/\/(registry\.|[\w.-]*(artifactory|nexus|verdaccio)[\w.-]*\/)/)).toEqual([]);
  expect(textOf("package-lock.json")).not.toMatch(/"resolved": "https?:/);
  expect(textOf(".npmrc")).not.toMatch(/registry *=|_auth/);
});
