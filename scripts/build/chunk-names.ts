import { basename } from "node:path";

/** A chunk in webpack's statistics. https://webpack.js.org/api/stats/#chunk-objects */
export interface Chunk {
  readonly id: number | string;
  readonly files: readonly string[];
  /** The chunk with the entry module. */
  readonly entry: boolean;
  /** Why webpack made the chunk, if not for an `import()` alone. */
  readonly reason?: string;
  /** The `import()`s that load it. */
  readonly origins: readonly { readonly request: string }[];
  readonly modules: readonly { readonly name: string; readonly size: number }[];
}

export interface Bundle {
  readonly code: string;
  /** The other files, by name. */
  readonly files: Readonly<Record<string, string>>;
}

/** Names for packages whose own name is less clear. */
const packageNames: Readonly<Record<string, string>> = { "@actions/github": "octokit" };

/** The files that action.yml runs. */
const entries = ["index.js", "post.js"];

/** The only line of ncc's template that contains the name of a chunk's file. */
const nameOfChunk = `return "" + chunkId + ".index.js";`;

/** Names the chunks' files after their content: ncc has no option for this, and names them by number. */
export function nameChunks({ code, files }: Bundle, chunks: readonly Chunk[]): Bundle {
  const names = new Map(
    chunks.filter(({ entry }) => !entry).map((chunk) => [fileOf(chunk), `${nameOf(chunk)}.js`] as const),
  );
  const loose = Object.keys(files).filter((file) => file.endsWith(".index.js") && !names.has(file));
  if (loose.length > 0) throw new Error(`No chunk is in ${loose.join(", ")}`);
  const named = Object.entries(files).map(([file, text]) => [names.get(file) ?? file, text] as const);
  const all = [...entries, ...named.map(([name]) => name)];
  const taken = all.filter((name, at) => all.indexOf(name) !== at);
  if (taken.length > 0) throw new Error(`Several files would be named ${taken.join(", ")}`);
  return { code: withNames(code, chunks, names), files: Object.fromEntries(named) };
}

function withNames(code: string, chunks: readonly Chunk[], names: ReadonlyMap<string, string>): string {
  const [before, after, ...more] = code.split(nameOfChunk);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`ncc's template should contain once: ${nameOfChunk}`);
  }
  const byId = Object.fromEntries(
    chunks.filter(({ entry }) => !entry).map((chunk) => [chunk.id, names.get(fileOf(chunk))]),
  );
  return `${before}return ${JSON.stringify(byId)}[chunkId];${after}`;
}

function fileOf({ id, files: [file, ...more] }: Chunk): string {
  if (file === undefined || more.length > 0) throw new Error(`Chunk ${id} should be in one file`);
  return file;
}

function nameOf({ reason = "", origins, modules }: Chunk): string {
  const requests = [...new Set(origins.map(({ request }) => request))];
  const packages = new Set(modules.map(({ name }) => packageOf(name)));
  if (!packages.has(undefined)) {
    // The chunk of a package that is imported by name also contains its dependencies.
    const imported = requests.filter((request) => packages.has(request));
    const named = imported.length > 0 ? imported : [...packages];
    return named.map((name = "") => packageNames[name] ?? basename(name)).join("-");
  }
  // Several chunks may be shared: each is called after the largest module in it.
  const [largest] = modules.toSorted((a, b) => b.size - a.size);
  if (reason.startsWith("split chunk")) return `shared-${fileNameOf(largest?.name ?? "")}`;
  const names = [...new Set(requests.map((request) => basename(request, ".js")))];
  const own = names.filter((name) => modules.some((module) => fileNameOf(module.name) === name));
  return (own.length > 0 ? own : names).join("-");
}

/** `text` of `./build/lib/text.js + 2 modules`. */
function fileNameOf(module: string): string {
  return basename(module.replace(/ \+ \d+ modules?$/, ""), ".js");
}

function packageOf(module: string): string | undefined {
  return /^\.\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(module)?.[1];
}
