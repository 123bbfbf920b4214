import { builtinModules } from "node:module";
import { dirname, posix } from "node:path";
import { describe, expect, test } from "vitest";
import { filesOf, textOf } from "./repository.ts";

const adapters = ["azure-devops", "http", "auth", "github", "artifacts"];

const builtins = new Set(builtinModules);

/** For each layer, the packages that only this layer may import. Only the adapters and the wiring import Node. */
const packages: Readonly<Record<string, readonly string[]>> = {
  wiring: ["@actions/core"],
  http: ["@actions/http-client/lib/index.js", "@actions/http-client/lib/proxy"],
  auth: ["oauth4webapi"],
  github: ["@actions/core", "@actions/github", "valibot"],
  artifacts: ["yauzl"],
  inputs: ["yaml"],
  // Also pure, and loaded only for an expression that is not a default.
  core: ["@jmespath-community/jmespath"],
};

const mayImportNode = new Set([...adapters, "wiring"]);

interface Import {
  readonly target: string;
  readonly typesOnly: boolean;
}

function importsOf(source: string): Import[] {
  const fixed = source.matchAll(/^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm);
  const dynamic = source.matchAll(/(typeof\s+)?\bimport\(\s*"([^"]+)"\s*\)/g);
  return [...fixed, ...dynamic].map(([, type, target = ""]) => ({ target, typesOnly: type !== undefined }));
}

/** `src/inputs/yaml.ts` is part of `inputs`, `src/errors.ts` is `errors`. */
function partOf(path: string): string {
  return (path.split("/")[1] ?? "").replace(/\.ts$/, "");
}

/** Arrows of the picture in docs/architecture.md: `app --> core`, and `ports -. types .-> core` for types only. */
function arrows(): ReadonlySet<string> {
  const [, picture = ""] = /```mermaid\n([\s\S]*?)```/.exec(textOf("docs/architecture.md")) ?? [];
  const found = [...picture.matchAll(/^\s*([\w-]+) (-->|-\. types \.->) ([\w-]+)$/gm)];
  return new Set(found.map(([, from, arrow, to]) => `${from} ${arrow === "-->" ? "" : "types "}${to}`));
}

const drawn = arrows();

const nodeOf = (part: string) => (adapters.includes(part) ? "adapters" : part);

function mayImport(part: string, { target, typesOnly }: Import, path: string): boolean {
  const name = target.replace(/^(node:|(\.\.\/)+node_modules\/)/, "");
  if (builtins.has(name)) return mayImportNode.has(part);
  if (!name.startsWith(".")) return packages[part]?.includes(name) === true;
  const other = partOf(posix.join(dirname(path), target));
  if (other === part) return true;
  if (nodeOf(other) === nodeOf(part)) return false;
  const [from, to] = [nodeOf(part), nodeOf(other)];
  return drawn.has(`${from} ${to}`) || (typesOnly && drawn.has(`${from} types ${to}`));
}

const sources = filesOf("src/*.ts").map((path) => ({ path, text: textOf(path) }));

describe("the layers", () => {
  test("import each other only along the arrows in docs/architecture.md", () => {
    const violations = sources.flatMap(({ path, text }) =>
      importsOf(text)
        .filter((imported) => !mayImport(partOf(path), imported, path))
        .map(({ target }) => `${path} imports ${target}`),
    );
    expect(violations).toEqual([]);
  });

  test("have an import for every arrow in docs/architecture.md", () => {
    const used = new Set(
      sources
        .flatMap(({ path, text }) =>
          importsOf(text)
            .filter(({ target }) => target.startsWith("."))
            .map(({ target }) => [nodeOf(partOf(path)), nodeOf(partOf(posix.join(dirname(path), target)))]),
        )
        .map(([from, to]) => `${from} ${to}`),
    );
    expect([...drawn].filter((arrow) => !used.has(arrow.replace(" types ", " ")))).toEqual([]);
  });

  test("are checked for static, re-exported, dynamic and type imports", () => {
    const source = [
      'import { a } from "./a.ts";',
      'import type { B } from "../b.ts";',
      'export {\n  c,\n} from "./c.ts";',
      'const d = await import("d");',
      'type E = typeof import("e");',
    ].join("\n");
    expect(importsOf(source)).toEqual([
      { target: "./a.ts", typesOnly: false },
      { target: "../b.ts", typesOnly: true },
      { target: "./c.ts", typesOnly: false },
      { target: "d", typesOnly: false },
      { target: "e", typesOnly: true },
    ]);
  });
});

/** Groups of files that import each other, directly or indirectly, including type imports. */
function circlesIn(files: readonly { readonly path: string; readonly text: string }[]): string[][] {
  const graph = new Map(
    files.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter(({ target }) => target.startsWith("."))
        .map(({ target }) => posix.join(dirname(path), target)),
    ]),
  );
  const reachableFrom = (start: string): Set<string> => {
    const reached = new Set<string>();
    const open = [...(graph.get(start) ?? [])];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (reached.has(next)) continue;
      reached.add(next);
      open.push(...(graph.get(next) ?? []));
    }
    return reached;
  };
  const reachable = new Map([...graph.keys()].map((path) => [path, reachableFrom(path)]));
  const circleOf = (path: string) =>
    [...graph.keys()].filter(
      (other) => reachable.get(path)?.has(other) === true && reachable.get(other)?.has(path) === true,
    );
  return [...new Set([...graph.keys()].map((path) => circleOf(path).join(" ")))]
    .filter((circle) => circle !== "")
    .map((circle) => circle.split(" "));
}

describe("the import graph", () => {
  test("has no circle", () => {
    const folders = ["src", "simulator", "runner-emulator", "scripts"];
    const paths = folders.flatMap((folder) => filesOf(`${folder}/*.ts`));
    const files = paths.map((path) => ({ path, text: textOf(path) }));
    expect(files.length).toBeGreaterThan(250);
    expect(circlesIn(files)).toEqual([]);
  });

  test("is checked for circles of values and of types", () => {
    const files = [
      { path: "src/a.ts", text: 'import type { B } from "./b.ts";' },
      { path: "src/b.ts", text: 'import { c } from "./c.ts";' },
      { path: "src/c.ts", text: 'const { a } = await import("./a.ts");' },
      { path: "src/d.ts", text: 'import { a } from "./a.ts";' },
    ];
    expect(circlesIn(files)).toEqual([["src/a.ts", "src/b.ts", "src/c.ts"]]);
  });
});

describe("type names", () => {
  test("are unique in src", () => {
    const declared = sources.flatMap(({ path, text }) =>
      [...text.matchAll(/^(?:export )?(?:interface|type|class) (\w+)/gm)].map(([, name = ""]) => ({
        name,
        path,
      })),
    );
    expect(declared.length).toBeGreaterThan(100);
    const byName = Map.groupBy(declared, ({ name }) => name);
    const duplicates = [...byName].filter(([, places]) => places.length > 1);
    expect(duplicates.map(([name, places]) => [name, ...places.map(({ path }) => path)])).toEqual([]);
  });
});

describe("core, lib and render", () => {
  const pure = sources.filter(({ path }) => /^src\/(core|lib|render)\//.test(path));

  test.each(["Date.now", "new Date()", "Math.random", "process.", "setTimeout", "console."])(
    "do not use %s",
    (word) => {
      expect(pure.length).toBeGreaterThan(20);
      const code = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, "");
      expect(pure.filter(({ text }) => code(text).includes(word)).map(({ path }) => path)).toEqual([]);
    },
  );
});
