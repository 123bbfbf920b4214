import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A package that the bundle holds something of. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** Its SPDX id. */
  readonly license: string;
  /** The licence's text. */
  readonly text: string;
  /** The lock file's digest of what the registry hands out: `sha512-…`, in base64. */
  readonly integrity: string;
}

/** What a bundler says of a bundle: modules within modules. */
export interface StatsModule {
  /** Relative to the repository; of what the bundler itself adds, something else. */
  readonly name?: string;
  readonly modules?: readonly StatsModule[];
}

type Manifest = Pick<BundledPackage, "name" | "version" | "license">;

/**
 * The packages in `dist`, by their names. ncc's own list of licences leaves out what webpack has joined into one module,
 * and npm's list of parts what a development dependency needs as well: the bundle's statistics leave out nothing.
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

/** What takes the place of a package is ours: it is in no `node_modules`. */
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
