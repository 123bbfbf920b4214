// Writes the README's tables of inputs and outputs anew, from action.yml.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { withTables } from "./readme/tables.ts";

const root = resolve(import.meta.dirname, "..");
const readme = resolve(root, "README.md");
const text = readFileSync(readme, "utf8");
writeFileSync(readme, withTables(text, readFileSync(resolve(root, "action.yml"), "utf8")));
