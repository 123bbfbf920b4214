import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { type Chunk, nameChunks } from "../../scripts/build/chunk-names.ts";
import { hashFile, sourceHash, staleBundleMessage } from "../../scripts/build/source-hash.ts";

const template = `return "" + chunkId + ".index.js";`;

interface ChunkOptions {
  readonly reason?: string;
  readonly entry?: boolean;
}

function chunk(
  id: number,
  requests: readonly string[],
  modules: readonly (string | readonly [name: string, size: number])[],
  options: ChunkOptions = {},
): Chunk {
  const { entry = false, ...more } = options;
  return {
    id,
    entry,
    files: [entry ? "index.js" : `${id}.index.js`],
    origins: requests.map((request) => ({ request })),
    modules: modules.map((module) => {
      const [name, size] = typeof module === "string" ? ([module, 0] as const) : module;
      return { name, size };
    }),
    ...more,
  };
}

function namesOf(...chunks: readonly Chunk[]): string[] {
  const files = Object.fromEntries(
    chunks.filter(({ entry }) => !entry).map((each) => [each.files[0] ?? "", ""]),
  );
  return Object.keys(nameChunks({ code: template, files }, chunks).files);
}

describe("the names of chunks", () => {
  it.each<[string, string, Chunk]>([
    ["an imported package", "yaml", chunk(1, ["yaml"], ["./node_modules/yaml/dist/index.js"])],
    [
      "an imported package of a scope",
      "jmespath",
      chunk(
        1,
        ["@jmespath-community/jmespath"],
        ["./node_modules/@jmespath-community/jmespath/dist/index.mjs"],
      ),
    ],
    [
      "an imported package, not its dependencies",
      "yauzl",
      chunk(1, ["yauzl"], ["./node_modules/pend/index.js", "./node_modules/yauzl/index.js"]),
    ],
    [
      "octokit for @actions/github",
      "octokit",
      chunk(1, ["@actions/github"], ["./node_modules/@actions/github/lib/github.js + 22 modules"]),
    ],
    [
      "a package that the bundler splits off",
      "oauth4webapi",
      chunk(1, ["./fetchers.js"], ["./node_modules/oauth4webapi/build/index.js"], {
        reason: "split chunk (cache group: defaultVendors)",
      }),
    ],
    [
      "an imported file of the action, not the package that it needs",
      "store",
      chunk(
        1,
        ["./artifacts/store.js"],
        ["./build/artifacts/store.js + 9 modules", "./node_modules/pend/index.js"],
      ),
    ],
    [
      "shared for code of several chunks, and the largest module",
      "shared-failures",
      chunk(
        1,
        ["./a.js", "./b.js"],
        [
          ["./build/core/text.js", 10],
          ["./build/core/failures.js + 1 modules", 20],
        ],
        { reason: "split chunk (cache group: default)" },
      ),
    ],
    [
      "an import() of a module that other chunks use too",
      "track-run",
      chunk(1, ["./report.js", "./track-run.js"], ["./build/app/track-run.js + 2 modules"], {
        reason: "reused as split chunk (cache group: default)",
      }),
    ],
  ])("come from %s: %s.js", (_, name, each) => {
    expect(namesOf(each)).toEqual([`${name}.js`]);
  });

  it("replace the numbers in the code that loads a chunk", () => {
    const chunks = [
      chunk(0, [], ["./build/main.js"], { entry: true }),
      chunk(7, ["yaml"], ["./node_modules/yaml/index.js"]),
    ];
    const files = { "7.index.js": "export const ids = [7];", "package.json": "{}" };
    expect(nameChunks({ code: `a = () => { ${template} };`, files }, chunks)).toEqual({
      code: `a = () => { return {"7":"yaml.js"}[chunkId]; };`,
      files: { "yaml.js": "export const ids = [7];", "package.json": "{}" },
    });
  });

  it("are rejected if two files would have the same name", () => {
    const [event, post] = ["event", "post"].map((name, at) =>
      chunk(at, [`./${name}.js`], [`./build/${name}.js`]),
    );
    const again = chunk(2, ["./event.js"], ["./build/event.js"]);
    if (!event || !post) throw new Error("no chunks");
    expect(() => namesOf(event, again)).toThrow("Several files would be named event.js");
    expect(() => namesOf(post)).toThrow("Several files would be named post.js");
  });

  it.each([
    ["is missing", ""],
    ["exists twice", template + template],
  ])("are rejected if the line of ncc's template %s", (_, code) => {
    expect(() => nameChunks({ code, files: {} }, [])).toThrow(
      `ncc's template should contain once: ${template}`,
    );
  });

  it("are rejected if a file belongs to no chunk", () => {
    expect(() => nameChunks({ code: template, files: { "9.index.js": "" } }, [])).toThrow(
      "No chunk is in 9.index.js",
    );
  });
});

describe("a bundle", () => {
  const lock = {
    "": {},
    "node_modules/yaml": { version: "2.9.1" },
    "node_modules/knip": { version: "6", dev: true },
  };

  function builtFolder(): string {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "src/lib"), { recursive: true });
    mkdirSync(join(folder, "dist"));
    write(folder, "src/lib/text.ts", "export {};\n");
    for (const file of ["tsconfig.json", "tsconfig.build.json"]) write(folder, file, "{}\n");
    write(folder, "package-lock.json", JSON.stringify({ packages: lock }));
    write(folder, hashFile, `${sourceHash(folder)}\n`);
    return folder;
  }

  function write(folder: string, path: string, text: string): void {
    writeFileSync(join(folder, path), text);
  }

  it("is current in a copy, with other line ends and other development dependencies", () => {
    const copy = temporaryFolder();
    cpSync(builtFolder(), copy, { recursive: true });
    write(copy, "src/lib/text.ts", "export {};\r\n");
    write(
      copy,
      "package-lock.json",
      JSON.stringify({ packages: { ...lock, "node_modules/knip": { version: "7", dev: true } } }),
    );
    expect(staleBundleMessage(copy)).toBeUndefined();
  });

  it.each([
    ["a source changes", "src/lib/text.ts", "export const one = 1;\n"],
    ["a source is added", "src/lib/time.ts", ""],
    ["a compiler option changes", "tsconfig.json", "{ }"],
    [
      "a package of the bundle changes",
      "package-lock.json",
      JSON.stringify({ packages: { ...lock, "node_modules/yaml": { version: "3.0.0" } } }),
    ],
    ["it was never built", hashFile, ""],
  ])("is stale when %s", (_, path, text) => {
    const folder = builtFolder();
    write(folder, path, text);
    expect(staleBundleMessage(folder)).toBe(
      "dist was not built from the current sources: run `npm run build`.",
    );
  });
});
