import { type Document, isMap, isScalar, parseDocument, type YAMLMap } from "yaml";
import { withSection } from "../section.ts";

/** The README with the tables between its markers made from action.yml. */
export function withTables(readme: string, actionFile: string): string {
  const action = parseDocument(actionFile);
  const tables = { inputs: inputTables(action), outputs: outputTable(action) };
  return Object.entries(tables).reduce((text, [name, table]) => withSection(text, name, table), readme);
}

interface Entry {
  readonly name: string;
  readonly description: string;
  readonly fallback: string;
  /** The comment above it, which begins a group. */
  readonly heading: string | undefined;
}

/** One table for each comment among the inputs. */
function inputTables(action: Document): string {
  const groups: { heading: string; rows: string[] }[] = [];
  for (const { name, description, fallback, heading } of entriesOf(action, "inputs")) {
    if (heading !== undefined) groups.push({ heading, rows: [] });
    const shown = fallback === "" ? "" : code(fallback);
    groups.at(-1)?.rows.push(`| \`${name}\` | ${shown} | ${cell(description)} |`);
  }
  const head = ["| input | default | meaning |", "| --- | --- | --- |"];
  return groups.map(({ heading, rows }) => [`### ${heading}`, "", ...head, ...rows].join("\n")).join("\n\n");
}

function outputTable(action: Document): string {
  const rows = entriesOf(action, "outputs").map(
    ({ name, description }) => `| \`${name}\` | ${cell(description)} |`,
  );
  return ["| output | meaning |", "| --- | --- |", ...rows].join("\n");
}

function entriesOf(action: Document, section: string): Entry[] {
  const map = action.get(section);
  if (!isMap(map)) throw new Error(`action.yml: ${section} is missing`);
  // The comment above the first entry belongs to the mapping itself.
  let heading = map.commentBefore?.trim();
  return map.items.map(({ key, value }) => {
    if (!isScalar(key) || !isMap(value)) throw new Error(`action.yml: ${section} holds something odd`);
    heading = key.commentBefore?.trim() ?? heading;
    const entry = { ...fieldsOf(value), name: String(key.value), heading };
    heading = undefined;
    return entry;
  });
}

function fieldsOf(value: YAMLMap): Pick<Entry, "description" | "fallback"> {
  return {
    description: String(value.get("description") ?? ""),
    fallback: String(value.get("default") ?? ""),
  };
}

/** A bar ends a cell, even inside code. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function code(text: string): string {
  return `\`${cell(text)}\``;
}
