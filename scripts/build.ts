// Builds dist: TypeScript to JavaScript, then one bundle (docs/decisions/0001), whose chunks get names.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import ts from "typescript";
import { parseArguments } from "./arguments.ts";
import { type Chunk, nameChunks } from "./build/chunk-names.ts";
import { hashFile, sourceHash } from "./build/source-hash.ts";

interface Compiled {
  readonly code: string;
  readonly assets: Readonly<Record<string, { readonly source: string | Buffer }>>;
  readonly stats: { toJson(): { readonly chunks: readonly Chunk[] } };
}

type Compile = (input: string, options: Readonly<Record<string, unknown>>) => Promise<Compiled>;

const require = createRequire(import.meta.url);
const root = resolve(import.meta.dirname, "..");
const run = (program: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, [program, ...args], { cwd: root, stdio: "inherit" });

parseArguments("npm run build    builds dist from src (no options)", {});

process.chdir(root);
for (const folder of ["build", "dist"]) rmSync(folder, { recursive: true, force: true });
run(require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json");
// Without `"type": "module"`, ncc writes CommonJS.
writeFileSync("build/package.json", "{}");

const compile = require("@vercel/ncc") as Compile;
const { code, assets, stats } = await compile(resolve("build/main.js"), {
  cache: false,
  quiet: true,
  target: "es2022",
});
const statistics = stats.toJson();
writeFileSync("build/stats.json", JSON.stringify(statistics));

const texts = Object.entries(assets).map(([name, { source }]) => [name, source.toString()] as const);
const bundle = nameChunks({ code, files: Object.fromEntries(texts) }, statistics.chunks);
mkdirSync("dist");
writeFileSync("dist/package.json", '{ "type": "commonjs" }\n');
writeFileSync("dist/index.js", bundle.code);
for (const [name, text] of Object.entries(bundle.files)) writeFileSync(join("dist", name), text);

// Not part of the bundle, since it loads the bundle. Compiled separately, since tsc would rewrite its `import()` of a variable.
const { ESNext } = ts.ModuleKind;
const post = ts.transpileModule(readFileSync("src/post.ts", "utf8"), {
  compilerOptions: { module: ESNext, target: ts.ScriptTarget.ES2022 },
});
writeFileSync("dist/post.js", post.outputText);

run("scripts/licenses.ts");

writeFileSync(hashFile, `${sourceHash(root)}\n`);

console.log(`dist was built: ${readdirSync("dist").length} files.`);
