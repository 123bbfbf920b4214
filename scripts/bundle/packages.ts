import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A package of which the bundle contains code. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Its SPDX id. */
  readonly license: string;
  /** The licence's text. */
  readonly text: string;
  /** The digest of the package's archive in the lock file: `sha512-…`, in base64. */
  readonly integrity: string;
}

/** A module in the bundler's statistics, with its nested modules. */
export interface StatsModule {
  /** The path relative to the repository; other texts for modules of the bundler itself. */
  readonly name?: string;
  readonly modules?: readonly StatsModule[];
}

type Manifest = Pick<BundledPackage, "name" | "version" | "license">;

/**
 * The packages in `dist`, by their names. ncc's list of licences omits modules that webpack has joined, and npm's list of parts
 * omits packages that a development dependency needs as well, so the bundle's statistics are used.
 */
export function bundledPackages(bundle: StatsModule, root: string): readonly BundledPackage[] {
  const folders = new Set(moduleNames(bundle).flatMap((name) => packageFolder(name) ?? []));
  const { packages } = readJson<{ packages: Record<string, { integrity?: string }> }>(
    join(root, "package-lock.json"),
  );
  const bundled = [...folders].map((folder): BundledPackage => {
    const { name, version, license } = readJson<Manifest>(join(root, folder, "package.json"));
    const { integrity = "" } = packages[folder] ?? {};
    return { name, version, license, integrity, text: readLicense(join(root, folder)) };
  });
  const byNameAndVersion = new Map(bundled.map((part) => [`${part.name} ${part.version}`, part]));
  return [...byNameAndVersion.keys()].sort().flatMap((key) => byNameAndVersion.get(key) ?? []);
}

export function packagesOfBuild(root: string): readonly BundledPackage[] {
  return bundledPackages(readJson<StatsModule>(join(root, "build/stats.json")), root);
}

function moduleNames({ name, modules = [] }: StatsModule): string[] {
  return [...(name === undefined ? [] : [name]), ...modules.flatMap(moduleNames)];
}

/** A replacement of a package belongs to this repository: it is not in `node_modules`. */
function packageFolder(name: string): string | undefined {
  return /^\.\/(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1];
}

function readLicense(folder: string): string {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  if (file === undefined) throw new Error(`${folder} has no file with its licence`);
  return readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim();
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
