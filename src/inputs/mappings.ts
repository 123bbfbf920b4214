import { isJsonObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import { nodeKind, parseYaml, type YamlNode } from "./yaml.ts";

type StringMap = Readonly<Record<string, string>>;

type JsonMapping = JsonObject;

/** Template parameters: a scalar as it was written, a list or a mapping as JSON text. */
export async function parameterMapping(raw: string): Promise<StringMap> {
  const mapping = await readMapping(raw);
  return Object.fromEntries(
    mapping.map(([name, value]) => [name, value.kind === "scalar" ? value.text : value.json]),
  );
}

/** Variables are texts: one with a list or a mapping for a value cannot be meant. */
export function variableMapping(raw: string): Promise<StringMap> {
  return scalarsOnly(raw, "a variable takes one text; to hand over more, use `parameters`");
}

/** Output names to expressions. */
export function textMapping(raw: string): Promise<StringMap> {
  return scalarsOnly(raw, "expected an expression");
}

const resourceKinds = ["pipelines", "builds", "containers", "packages", "repositories"];

/** What the request's `resources` take: of each kind that is known, a mapping of aliases to mappings. */
export async function resourcesMapping(raw: string): Promise<JsonMapping> {
  const resources = await readJsonMapping(raw);
  for (const kind of resourceKinds) {
    const aliases = resources[kind];
    if (aliases === undefined) continue;
    if (!isJsonObject(aliases))
      throw new Error(`"${kind}" takes a mapping of aliases, as in ${example(kind)}`);
    const [invalidAlias] = Object.entries(aliases).find(([, resource]) => !isJsonObject(resource)) ?? [];
    if (invalidAlias !== undefined)
      throw new Error(`"${invalidAlias}" in "${kind}" takes a mapping, as in ${example(kind)}`);
  }
  return resources;
}

function example(kind: string): string {
  return kind === "repositories" ? "tools: {refName: refs/heads/main}" : "alias: {version: 20240101.1}";
}

/** The request's own fields. A preview is no start: the answer would name no run. */
export async function bodyMapping(raw: string): Promise<JsonMapping> {
  const body = await readJsonMapping(raw);
  // The service passes over the case of names.
  const preview = Object.entries(body).find(
    ([name, value]) => /^previewRun$/i.test(name) && isEnabled(value),
  );
  if (preview !== undefined) {
    throw new Error(`"${preview[0]}" starts no run; take it out and use the input \`preview\``);
  }
  return body;
}

/** Whether anything but some spelling of false was written. */
function isEnabled(value: JsonValue): boolean {
  return !/^(false|null|0|)$/i.test(String(value).trim());
}

async function scalarsOnly(raw: string, advice: string): Promise<StringMap> {
  const mapping = await readMapping(raw);
  return Object.fromEntries(
    mapping.map(([name, value]) => {
      if (value.kind === "scalar") return [name, value.text];
      throw new Error(
        `"${name}" has a ${value.kind === "list" ? "list" : "mapping"} for its value; ${advice}`,
      );
    }),
  );
}

/** A value of a mapping: text as it was written, or a list or mapping as JSON text. */
type MappingValue =
  | { readonly kind: "scalar"; readonly text: string }
  | { readonly kind: "list" | "map"; readonly json: string };

/** Names and values in the order they were written; each name once. */
type Mapping = readonly (readonly [string, MappingValue])[];

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Reads YAML 1.2, and so JSON: `1.10`, `yes`, `0x1F` and `True` stay what they are, a blank value is "". */
export async function readMapping(text: string): Promise<Mapping> {
  return [...(await parseEntries(text))].map(([name, node]) => [name, toMappingValue(node)]);
}

/**
 * Reads a mapping whose values are numbers, booleans, nulls, strings, lists and mappings, for a JSON body.
 * A number that JavaScript would write otherwise (`1.10`, twenty digits) is a string: the service reads either.
 */
export async function readJsonMapping(text: string): Promise<JsonObject> {
  const entries = [...(await parseEntries(text))].map(([name, node]) => [name, toJsonValue(node)] as const);
  return Object.fromEntries(entries);
}

/** Reads a YAML list, or names one a line or with commas between them. Blank ones do not count. */
export async function readList(text: string): Promise<readonly string[]> {
  const items = isYamlList(text) ? await parseYamlItems(text) : splitItems(text);
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

async function parseEntries(text: string): Promise<ReadonlyMap<string, YamlNode>> {
  if (text.trim() === "") return new Map();
  const node = await parseYaml(text);
  if (node === undefined) return new Map();
  if (node.kind !== "map") throw new Error(`expected a mapping (name: value), got ${describeNode(node)}`);
  return node.entries;
}

function toMappingValue(node: YamlNode): MappingValue {
  if (node.kind === "scalar") return { kind: "scalar", text: node.text };
  return { kind: node.kind, json: toJsonText(node) };
}

/** Numbers keep every digit that was written, which a detour over JavaScript's numbers would not. */
function toJsonText(node: YamlNode): string {
  if (node.kind === "list") return `[${node.items.map(toJsonText).join(",")}]`;
  if (node.kind === "map") {
    const entries = [...node.entries].map(([name, value]) => `${JSON.stringify(name)}:${toJsonText(value)}`);
    return `{${entries.join(",")}}`;
  }
  if (node.plain && jsonNumber.test(node.text)) return node.text;
  return JSON.stringify(toJsonValue(node));
}

function toJsonValue(node: YamlNode): JsonValue {
  if (node.kind === "list") return node.items.map(toJsonValue);
  if (node.kind === "map") {
    return Object.fromEntries([...node.entries].map(([name, value]) => [name, toJsonValue(value)]));
  }
  const { text, plain } = node;
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

async function parseYamlItems(text: string): Promise<readonly string[]> {
  const node = await parseYaml(text);
  if (node === undefined) return [];
  if (node.kind !== "list") throw new Error(`expected a list, got ${describeNode(node)}`);
  return node.items.map((item, index) => {
    if (item.kind === "scalar") return item.text;
    throw new Error(`expected a list of names, but item ${index + 1} is a ${nodeKind(item)}`);
  });
}

function splitItems(text: string): readonly string[] {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim() !== "");
  if (lines.length > 0 && lines.every((line) => /^\s*[\w.-]+:(\s|$)/.test(line))) {
    throw new Error("expected a list, got a mapping");
  }
  return lines.flatMap((line) => line.split(","));
}

function describeNode(node: YamlNode): string {
  return node.kind === "scalar" ? "text; put a space behind the colon" : `a ${nodeKind(node)}`;
}
