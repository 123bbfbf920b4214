// Prints the list of parts of what `npm run build` has last built, for a release.

import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { packagesOfBuild } from "./bundle/packages.ts";
import { sbomOf } from "./bundle/sbom.ts";

const root = resolve(import.meta.dirname, "..");

const action = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

console.log(JSON.stringify(sbomOf(action, packagesOfBuild(root)), null, 2));
