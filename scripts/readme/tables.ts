import { type Document, isMap, isScalar, parseDocument, type YAMLMap } from "yaml";
import { withSection } from "../section.ts";

/** The README with its tables, which are generated from action.yml between markers. */
export function withTables(readme: string, actionFile: string): string {
  const action = parseDocument(actionFile);
  const tables = {
    "main-inputs": mainInputTable(action),
    inputs: inputTables(action),
    outputs: outputTable(action),
  };
  return Object.entries(tables).reduce((text, [name, table]) => withSection(text, name, table), readme);
}

/** The inputs of the README's use cases, and the values of its column "required". */
const mainInputs: Readonly<Record<string, string>> = {
  organization: "yes",
  project: "yes",
  "pipeline-id": "one of",
  "pipeline-name": "one of",
  url: "one of",
  "find-run": "",
  ref: "",
  parameters: "",
  variables: "",
  "tenant-id": "one of",
  "client-id": "one of",
  token: "one of",
  timeout: "",
  "success-when": "",
  "check-run": "",
};

interface Entry {
  readonly name: string;
  readonly description: string;
  readonly fallback: string;
  /** The comment above it, which begins a group. */
  readonly heading: string | undefined;
}

function mainInputTable(action: Document): string {
  const entries = new Map(entriesOf(action, "inputs").map((entry) => [entry.name, entry]));
  const rows = Object.entries(mainInputs).flatMap(([name, required]) => {
    const entry = entries.get(name);
    return entry === undefined ? [] : [`| ${linked(name)} | ${required} | ${cell(entry.description)} |`];
  });
  return ["| input | required | description |", "| --- | --- | --- |", ...rows].join("\n");
}

/** One folded table for each comment among the inputs. */
function inputTables(action: Document): string {
  const groups: { heading: string; rows: string[] }[] = [];
  for (const { name, description, fallback, heading } of entriesOf(action, "inputs")) {
    if (heading !== undefined) groups.push({ heading, rows: [] });
    const shown = fallback === "" ? "" : code(fallback);
    groups.at(-1)?.rows.push(`| ${linked(name)} | ${shown} | ${cell(description)} |`);
  }
  const head = ["| input | default | description |", "| --- | --- | --- |"];
  return groups
    .map(({ heading, rows }) => folded(`${heading} (${rows.length} inputs)`, [...head, ...rows]))
    .join("\n\n");
}

function outputTable(action: Document): string {
  const entries = entriesOf(action, "outputs");
  const rows = entries.map(({ name, description }) => `| \`${name}\` | ${cell(description)} |`);
  const lines = ["| output | description |", "| --- | --- |", ...rows];
  return folded(`All outputs (${rows.length})`, lines);
}

function folded(title: string, lines: readonly string[]): string {
  return ["<details>", `<summary>${title}</summary>`, "", ...lines, "", "</details>"].join("\n");
}

function linked(name: string): string {
  return `[\`${name}\`](docs/inputs.md#${name})`;
}

function entriesOf(action: Document, section: string): Entry[] {
  const map = action.get(section);
  if (!isMap(map)) throw new Error(`action.yml: ${section} is missing`);
  // The comment above the first entry belongs to the mapping itself.
  let heading = map.commentBefore?.trim();
  return map.items.map(({ key, value }) => {
    if (!isScalar(key) || !isMap(value))
      throw new Error(`action.yml: an entry of ${section} is not a mapping`);
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

/** Text with a backtick needs a longer fence. */
function code(text: string): string {
  return text.includes("`") ? `\`\` ${cell(text)} \`\`` : `\`${cell(text)}\``;
}
