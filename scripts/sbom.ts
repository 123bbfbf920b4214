// Prints a software bill of materials (CycloneDX) of the last build by `npm run build`, for a release.

import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fail, parseArguments } from "./arguments.ts";
import { packagesOfBuild } from "./bundle/packages.ts";
import { sbomOf } from "./bundle/sbom.ts";

const root = resolve(import.meta.dirname, "..");

parseArguments("node scripts/sbom.ts    prints the bill of materials of the bundle (no options)", {});

if (!existsSync(join(root, "build/stats.json"))) fail("build/stats.json is missing: run `npm run build`.");

const action = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

console.log(JSON.stringify(sbomOf(action, packagesOfBuild(root)), null, 2));
