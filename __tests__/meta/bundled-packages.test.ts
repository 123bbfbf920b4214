import { expect, test } from "vitest";
import { type BundledPackage, bundledPackages } from "../../scripts/bundle/packages.ts";
import { sbomOf } from "../../scripts/bundle/sbom.ts";
import { filesOf, root, textOf } from "./repository.ts";

interface Locked {
  readonly version?: string;
  readonly license?: string;
  readonly link?: boolean;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly peer?: boolean;
}

const lock = JSON.parse(textOf("package-lock.json")) as { packages: Record<string, Locked> };

/**
 * The bundle contains no code of these packages: some only have type declarations, valibot lists the compiler as a
 * dependency, and the build replaces undici, and the @actions/http-client of @actions/github, by `src/http/unused-clients.ts`
 * and @actions/exec, which alone needs @actions/io, by `src/github/no-exec.ts`.
 */
const notBundled =
  /node_modules\/(@octokit\/(openapi-)?types|@actions\/(exec|io|github\/node_modules\/@actions\/http-client)|typescript|undici)$/;

const shipped = Object.entries(lock.packages).flatMap(([path, { version, license, ...how }]) => {
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
  const isElsewhere = how.link || how.dev || how.optional || how.peer;
  return name === undefined || isElsewhere || notBundled.test(path)
    ? []
    : [`${name} ${version}\n${license}\n`];
});

const licenses = textOf("dist/licenses.txt");

test("dist/licenses.txt has the licence of every package that the action needs, and no other", () => {
  const heads = licenses.match(/^\S+ \d+\.\d+\.\d+\S*\n.+\n(?=\n)/gm);
  expect(heads).toEqual([...new Set(shipped)].sort());
});

test("dist/licenses.txt has the licence of every package in the bundle", () => {
  const bundled = filesOf("dist/*.js").flatMap((path) =>
    [...textOf(path).matchAll(/ MODULE: \.\/.*node_modules\/((?:@[^/]+\/)?[^/\s]+)\//g)].map(
      ([, name]) => name,
    ),
  );
  expect(bundled).toContain("@actions/core");
  for (const name of new Set(bundled)) expect(licenses).toMatch(new RegExp(`^${name} \\d`, "m"));
});

test("bundledPackages finds the packages of concatenated modules, and none for the action's own modules", () => {
  const concatenated = [
    { name: "./node_modules/@actions/core/lib/core.js" },
    { name: "./node_modules/@actions/core/lib/command.js" },
  ];
  const bundle = {
    modules: [
      { name: "./build/main.js + 2 modules", modules: concatenated },
      { name: "./build/http/unused-clients.js" },
      { name: 'external "node:os"' },
      { name: "./node_modules/tunnel/index.js" },
    ],
  };
  const parts = bundledPackages(bundle, root);
  expect(parts.map(({ name }) => name)).toEqual(["@actions/core", "tunnel"]);
  expect(parts[0]?.text).toContain("Copyright");
});

test("the SBOM lists each package with its purl, licence and digest", () => {
  const part: BundledPackage = {
    name: "@actions/core",
    version: "3.0.1",
    license: "MIT",
    text: "",
    integrity: `sha512-${Buffer.from("digest").toString("base64")}`,
  };
  expect(sbomOf({ name: "run-azure-pipeline", version: "1.0.0", license: "MIT" }, [part])).toMatchObject({
    bomFormat: "CycloneDX",
    metadata: { component: { name: "run-azure-pipeline", version: "1.0.0" } },
    components: [
      {
        name: "@actions/core",
        purl: "pkg:npm/%40actions/core@3.0.1",
        licenses: [{ license: { id: "MIT" } }],
        hashes: [{ alg: "SHA-512", content: Buffer.from("digest").toString("hex") }],
      },
    ],
  });
});
