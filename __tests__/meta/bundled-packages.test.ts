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
 * Nothing of them is in the bundle: some hold declarations, valibot names the compiler for its own, and the build puts
 * `src/http/no-undici.ts` in the place of undici.
 */
const notBundled = /^(@octokit\/(openapi-)?types|typescript|undici)$/;

const shipped = Object.entries(lock.packages).flatMap(([path, { version, license, ...how }]) => {
  const name = /node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
  const isElsewhere = how.link || how.dev || how.optional || how.peer;
  return name === undefined || isElsewhere || notBundled.test(name)
    ? []
    : [`${name} ${version}\n${license}\n`];
});

const licenses = textOf("dist/licenses.txt");

test("the licence of every package that the action needs is in dist/licenses.txt, and no other", () => {
  const heads = licenses.match(/^\S+ \d+\.\d+\.\d+\S*\n.+\n(?=\n)/gm);
  expect(heads).toEqual([...new Set(shipped)].sort());
});

test("no package is in the bundle whose licence is not there", () => {
  const bundled = filesOf("dist/*.js").flatMap((path) =>
    [...textOf(path).matchAll(/ MODULE: \.\/.*node_modules\/((?:@[^/]+\/)?[^/\s]+)\//g)].map(
      ([, name]) => name,
    ),
  );
  expect(bundled).toContain("@actions/core");
  for (const name of new Set(bundled)) expect(licenses).toMatch(new RegExp(`^${name} \\d`, "m"));
});

test("modules that were joined into one have their packages too, and our own modules have none", () => {
  const joined = [
    { name: "./node_modules/@actions/core/lib/core.js" },
    { name: "./node_modules/@actions/core/lib/command.js" },
  ];
  const bundle = {
    modules: [
      { name: "./build/main.js + 2 modules", modules: joined },
      { name: "./build/http/no-undici.js" },
      { name: 'external "node:os"' },
      { name: "./node_modules/tunnel/index.js" },
    ],
  };
  const parts = bundledPackages(bundle, root);
  expect(parts.map(({ name }) => name)).toEqual(["@actions/core", "tunnel"]);
  expect(parts[0]?.text).toContain("Copyright");
});

test("the list of parts names each by its address, licence and digest", () => {
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
