import { readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";

/** A page with new text between `<!-- name -->`, which may have more text after a colon, and `<!-- /name -->`. */
export function withSection(page: string, name: string, text: string): string {
  const [begin] = new RegExp(`<!-- ${name}(?:: [^>]*)? -->`).exec(page) ?? [""];
  const [from, to] = [page.indexOf(begin), page.indexOf(`<!-- /${name} -->`)];
  if (begin === "" || to < from) throw new Error(`the section ${name} is missing`);
  return `${page.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${page.slice(to)}`;
}

/** Writes the section into the file, and prints that it did. */
export function writeSection(file: string, name: string, text: string): void {
  writeFileSync(file, withSection(readFileSync(file, "utf8"), name, text));
  console.log(`${relative(process.cwd(), file)} was updated.`);
}
