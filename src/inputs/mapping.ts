import type { JsonObject, JsonValue } from "../core/merge.ts";
import { readTree, type Tree, wordOf } from "./yaml.ts";

/** A value of a mapping: text as it was written, or a list or mapping as JSON text. */
type MappingNode =
  | { readonly kind: "scalar"; readonly text: string }
  | { readonly kind: "list" | "map"; readonly json: string };

/** Names and values in the order they were written; each name once. */
type Mapping = readonly (readonly [string, MappingNode])[];

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Reads YAML 1.2, and so JSON: `1.10`, `yes`, `0x1F` and `True` stay what they are, a blank value is "". */
export async function readMapping(text: string): Promise<Mapping> {
  return [...(await entriesIn(text))].map(([name, tree]) => [name, nodeOf(tree)]);
}

/**
 * Reads a mapping whose values are numbers, booleans, nulls, strings, lists and mappings, for a JSON body.
 * A number that JavaScript would write otherwise (`1.10`, twenty digits) is a string: the service reads either.
 */
export async function readJsonMapping(text: string): Promise<JsonObject> {
  const entries = [...(await entriesIn(text))].map(([name, tree]) => [name, jsonOf(tree)] as const);
  return Object.fromEntries(entries);
}

/** Reads a YAML list, or names one a line or with commas between them. Blank ones do not count. */
export async function readList(text: string): Promise<readonly string[]> {
  const items = isYamlList(text) ? await itemsIn(text) : plainItems(text);
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

async function entriesIn(text: string): Promise<ReadonlyMap<string, Tree>> {
  if (text.trim() === "") return new Map();
  const tree = await readTree(text);
  if (tree === undefined) return new Map();
  if (tree.kind !== "map") throw new Error(`expected a mapping (name: value), got ${withArticle(tree)}`);
  return tree.entries;
}

function nodeOf(tree: Tree): MappingNode {
  if (tree.kind === "scalar") return { kind: "scalar", text: tree.text };
  return { kind: tree.kind, json: jsonTextOf(tree) };
}

/** Numbers keep every digit that was written, which a detour over JavaScript's numbers would not. */
function jsonTextOf(tree: Tree): string {
  if (tree.kind === "list") return `[${tree.items.map(jsonTextOf).join(",")}]`;
  if (tree.kind === "map") {
    const entries = [...tree.entries].map(([name, value]) => `${JSON.stringify(name)}:${jsonTextOf(value)}`);
    return `{${entries.join(",")}}`;
  }
  if (tree.plain && jsonNumber.test(tree.text)) return tree.text;
  return JSON.stringify(jsonOf(tree));
}

function jsonOf(tree: Tree): JsonValue {
  if (tree.kind === "list") return tree.items.map(jsonOf);
  if (tree.kind === "map") {
    return Object.fromEntries([...tree.entries].map(([name, value]) => [name, jsonOf(value)]));
  }
  const { text, plain } = tree;
  if (!plain) return text;
  if (/^(true|True|TRUE)$/.test(text)) return true;
  if (/^(false|False|FALSE)$/.test(text)) return false;
  if (/^(|~|null|Null|NULL)$/.test(text)) return null;
  return jsonNumber.test(text) && String(Number(text)) === text ? Number(text) : text;
}

/** Whether the first line that says something opens a YAML list, or a mapping where a list is wanted. */
function isYamlList(text: string): boolean {
  const first = text.split(/\r\n|\r|\n/).find((line) => !/^\s*(#|---\s*$|$)/.test(line));
  return first !== undefined && /^\s*([[{]|-(\s|$))/.test(first);
}

async function itemsIn(text: string): Promise<readonly string[]> {
  const tree = await readTree(text);
  if (tree === undefined) return [];
  if (tree.kind !== "list") throw new Error(`expected a list, got ${withArticle(tree)}`);
  return tree.items.map((item, index) => {
    if (item.kind === "scalar") return item.text;
    throw new Error(`expected a list of names, but item ${index + 1} is a ${wordOf(item)}`);
  });
}

function plainItems(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  if (lines.length > 0 && lines.every((line) => /^\s*[\w.-]+:(\s|$)/.test(line))) {
    throw new Error("expected a list, got a mapping");
  }
  return lines.flatMap((line) => line.split(","));
}

function withArticle(tree: Tree): string {
  return tree.kind === "scalar" ? "text; put a space behind the colon" : `a ${wordOf(tree)}`;
}
