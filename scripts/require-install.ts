// Before a script of a package of its own (browser-tests, mutation-tests): its packages are not those of the repository.
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { fail } from "./arguments.ts";

const folder = basename(process.cwd());
if (!existsSync("node_modules"))
  fail(`The packages of ${folder} are not installed: run \`npm ci --prefix ${folder}\`.`);
