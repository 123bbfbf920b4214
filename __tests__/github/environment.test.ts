import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { describeEnvironment } from "../../src/github/environment.ts";

const elsewhere = join(temporaryFolder(), "dist/index.js");

test("what is not known, or belongs to the workflow itself, is said to be so", () => {
  expect(
    describeEnvironment({ env: {}, entryPath: elsewhere, nodeVersion: "v24.0.0", osRelease: "6.8" }),
  ).toEqual([
    ["action", "?, checked out by the workflow"],
    ["runner", "?, ? ? (6.8), Node v24.0.0"],
    ["event", "?"],
    ["github.com", "no"],
    ["proxy", "no"],
    ["NODE_EXTRA_CA_CERTS", "no"],
  ]);
});

test("a proxy is told of, and not where it is", () => {
  const env = { HTTPS_PROXY: "http://user:secret@proxy:8080", NODE_EXTRA_CA_CERTS: "/etc/ca.pem" };
  const facts = describeEnvironment({ env, entryPath: elsewhere, nodeVersion: "v24.0.0", osRelease: "6.8" });
  expect(facts).toContainEqual(["proxy", "yes"]);
  expect(facts).toContainEqual(["NODE_EXTRA_CA_CERTS", "yes"]);
  expect(JSON.stringify(facts)).not.toMatch(/proxy:8080|secret|ca\.pem/);
});
