import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A package that the bundle holds something of. */
export interface Part {
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
export interface Module {
  /** Relative to the repository; of what the bundler itself adds, something else. */
  readonly name?: string;
  readonly modules?: readonly Module[];
}

type Manifest = Pick<Part, "name" | "version" | "license">;

/**
 * The packages in `dist`, by their names. ncc's own list of licences leaves out what webpack has joined into one module,
 * and npm's list of parts what a development dependency needs as well: the bundle's statistics leave out nothing.
 */
export function partsOf(bundle: Module, root: string): readonly Part[] {
  const folders = new Set(namesIn(bundle).flatMap((name) => packageFolder(name) ?? []));
  const { packages } = readJson<{ packages: Record<string, { integrity?: string }> }>(
    join(root, "package-lock.json"),
  );
  const parts = [...folders].map((folder): Part => {
    const { name, version, license } = readJson<Manifest>(join(root, folder, "package.json"));
    const { integrity = "" } = packages[folder] ?? {};
    return { name, version, license, integrity, text: licenseIn(join(root, folder)) };
  });
  const each = new Map(parts.map((part) => [`${part.name} ${part.version}`, part]));
  return [...each.keys()].sort().flatMap((key) => each.get(key) ?? []);
}

export function partsOfBuild(root: string): readonly Part[] {
  return partsOf(readJson<Module>(join(root, "build/stats.json")), root);
}

function namesIn({ name, modules = [] }: Module): string[] {
  return [...(name === undefined ? [] : [name]), ...modules.flatMap(namesIn)];
}

/** What stands in for a package is ours: it is in no `node_modules`. */
function packageFolder(name: string): string | undefined {
  return /^\.\/(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1];
}

function licenseIn(folder: string): string {
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.(md|txt))?$/i.test(entry));
  if (file === undefined) throw new Error(`${folder} has no file with its licence`);
  return readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim();
}

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
