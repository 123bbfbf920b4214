// Builds dist: TypeScript to JavaScript, then one bundle (docs/decisions/0001).
import { execFileSync } from "node:child_process";
import { copyFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const run = (program: string, ...args: readonly string[]) =>
  execFileSync(process.execPath, [program, ...args], { stdio: "inherit" });

for (const folder of ["build", "dist"]) rmSync(folder, { recursive: true, force: true });
run(require.resolve("typescript/bin/tsc"), "-p", "tsconfig.build.json");
const ncc = require.resolve("@vercel/ncc/dist/ncc/cli.js");
run(ncc, "build", "build/main.js", "--out", "dist", "--target", "es2022", "--stats-out", "build/stats.json");
run("scripts/licenses.ts");
copyFileSync("src/post.js", "dist/post.js");
