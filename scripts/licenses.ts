// The last step of `npm run build`: dist/licenses.txt, with the licence of each package in the bundle.

import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { packagesOfBuild } from "./bundle/packages.ts";

const root = resolve(import.meta.dirname, "..");

const notices = packagesOfBuild(root).map(
  ({ name, version, license, text }) => `${name} ${version}\n${license}\n\n${text}\n`,
);

writeFileSync(join(root, "dist/licenses.txt"), notices.join("\n"));
