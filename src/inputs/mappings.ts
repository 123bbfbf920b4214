import { isJsonObject, type JsonObject, type JsonValue } from "../lib/json.ts";
import { isOrdinaryText, minSecretLength } from "../lib/text.ts";
import { cutOffPaths, nodeKind, parseYaml, type YamlNode } from "./yaml.ts";

type StringMap = Readonly<Record<string, string>>;

type JsonMapping = JsonObject;

/** Reports accepted values that are probably mistakes. */
export type Warn = (text: string) => void;

/** Template parameters: a scalar as it was written, a list or a mapping as JSON text. */
export async function parameterMapping(raw: string, warn: Warn): Promise<StringMap> {
  const mapping = await readMapping(raw, warn);
  return Object.fromEntries(
    mapping.map(([name, value]) => [name, value.kind === "scalar" ? value.text : value.json]),
  );
}

const scalarExpected = "a variable must be a single text; to pass a list or a mapping, use `parameters`";

/** Variables are texts: a list or a mapping as a value is a mistake. */
export function variableMapping(raw: string, warn: Warn): Promise<StringMap> {
  return scalarsOnly(raw, scalarExpected, warn);
}

/** Like `variableMapping`, but a value that is cut off is an error: part of a secret would be sent. */
export async function secretVariableMapping(raw: string, warn: Warn): Promise<StringMap> {
  const reject = (text: string): never => {
    throw new Error(text);
  };
  const variables = await scalarsOnly(raw, scalarExpected, reject);
  warnAboutOrdinaryTexts(variables, warn);
  return variables;
}

/** The runner masks each line of a secret as well, such as the braces of JSON on several lines. */
function warnAboutOrdinaryTexts(variables: StringMap, warn: Warn): void {
  const namesWhere = (isFound: (lines: readonly string[]) => boolean) =>
    Object.entries(variables).flatMap(([name, value]) =>
      isFound(value.split(/[\r\n]/).filter((line) => line.trim() !== "")) ? [JSON.stringify(name)] : [],
    );
  const report = (names: readonly string[], [one, several]: readonly [string, string], advice: string) => {
    if (names.length === 0) return;
    warn(
      `${names.join(", ")} ${names.length === 1 ? `has ${one}` : `have ${several}`} of fewer than ${minSecretLength} characters or a common word: ` +
        `such a text is masked only in the log, and GitHub drops every job output that contains it; ${advice}`,
    );
  };
  const withShortValue = namesWhere((lines) => lines.length === 1 && lines.some(isOrdinaryText));
  const withShortLine = namesWhere((lines) => lines.length > 1 && lines.some(isOrdinaryText));
  report(withShortValue, ["a value", "values"], "pass it in `variables` if it is not a secret");
  report(withShortLine, ["a line", "lines"], "write JSON on a single line");
}

/** Output names to expressions. */
export function textMapping(raw: string, warn: Warn): Promise<StringMap> {
  return scalarsOnly(raw, "expected an expression", warn);
}

const resourceKinds = ["pipelines", "builds", "containers", "packages", "repositories"];

/** The request's `resources`: each known kind is a mapping of aliases to mappings. */
export async function resourcesMapping(raw: string, warn: Warn): Promise<JsonMapping> {
  const resources = await readJsonMapping(raw, warn);
  for (const kind of resourceKinds) {
    const aliases = resources[kind];
    if (aliases === undefined) continue;
    if (!isJsonObject(aliases))
      throw new Error(`"${kind}" must be a mapping of aliases, as in ${example(kind)}`);
    const [invalidAlias] = Object.entries(aliases).find(([, resource]) => !isJsonObject(resource)) ?? [];
    if (invalidAlias !== undefined)
      throw new Error(`"${invalidAlias}" in "${kind}" must be a mapping, as in ${example(kind)}`);
  }
  return resources;
}

function example(kind: string): string {
  return kind === "repositories" ? "tools: {refName: refs/heads/main}" : "alias: {version: 20240101.1}";
}

/** Fields of the request body. A preview is rejected, since its response contains no run. */
export async function bodyMapping(raw: string, warn: Warn): Promise<JsonMapping> {
  const body = await readJsonMapping(raw, warn);
  // Names are case-insensitive in the service.
  const preview = Object.entries(body).find(
    ([name, value]) => /^previewRun$/i.test(name) && isEnabled(value),
  );
  if (preview !== undefined) {
    throw new Error(`"${preview[0]}" starts no run; remove it and use the input \`preview\``);
  }
  return body;
}

/** Anything but a spelling of false. */
function isEnabled(value: JsonValue): boolean {
  return !/^(false|null|0|)$/i.test(String(value).trim());
}

async function scalarsOnly(raw: string, advice: string, warn: Warn): Promise<StringMap> {
  const mapping = await readMapping(raw, warn);
  return Object.fromEntries(
    mapping.map(([name, value]) => {
      if (value.kind === "scalar") return [name, value.text];
      throw new Error(
        `"${name}" has a ${value.kind === "list" ? "list" : "mapping"} as its value; ${advice}`,
      );
    }),
  );
}

/** A value of a mapping: text as it was written, or a list or mapping as JSON text. */
type MappingValue =
  | { readonly kind: "scalar"; readonly text: string }
  | { readonly kind: "list" | "map"; readonly json: string };

/** Names and values in the order of the text; each name once. */
type Mapping = readonly (readonly [string, MappingValue])[];

const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** Reads YAML 1.2, which includes JSON: `1.10`, `yes`, `0x1F` and `True` stay unchanged, a blank value is "". */
export async function readMapping(text: string, warn: Warn): Promise<Mapping> {
  return [...(await parseEntries(text, warn))].map(([name, node]) => [name, toMappingValue(node)]);
}

/**
 * Reads a mapping whose values are numbers, booleans, nulls, strings, lists and mappings, for a JSON body.
 * A number that JavaScript would write differently (`1.10`, twenty digits) becomes a string: the service reads either.
 */
export async function readJsonMapping(text: string, warn: Warn): Promise<JsonObject> {
  const entries = [...(await parseEntries(text, warn))].map(
    ([name, node]) => [name, toJsonValue(node)] as const,
  );
  return Object.fromEntries(entries);
}

/** Reads a YAML list, or items separated by line breaks or commas. Blank items are dropped. */
export async function readList(text: string, warn: Warn): Promise<readonly string[]> {
  if (isQuotedJson(text)) throw new Error(jsonInQuotes);
  const items = isYamlList(text) ? await parseYamlItems(text, warn) : splitItems(text);
  return items.map((item) => item.trim()).filter((item) => item !== "");
}

async function parseEntries(text: string, warn: Warn): Promise<ReadonlyMap<string, YamlNode>> {
  if (text.trim() === "") return new Map();
  const node = await parseYaml(text).catch((error: unknown) => {
    throw isQuotedJson(text) ? new Error(jsonInQuotes) : error;
  });
  if (node === undefined) return new Map();
  if (node.kind !== "map") {
    if (isQuotedJson(text)) throw new Error(jsonInQuotes);
    throw new Error(`expected a mapping (name: value), got ${describeNode(node)}`);
  }
  const paths = [...node.entries].flatMap(([name, value]) => cutOffPaths(name, value));
  if (paths.length > 0) warn(cutOffText(paths.map((path) => JSON.stringify(path))));
  return node.entries;
}

const jsonInQuotes = "JSON must not be wrapped in quotes; remove the quotes around it";

function isQuotedJson(text: string): boolean {
  const trimmed = text.trim();
  return /^(['"])\s*[[{]/.test(trimmed) && /[\]}]\s*['"]$/.test(trimmed);
}

function cutOffText(subjects: readonly string[]): string {
  const [are, value] = subjects.length === 1 ? ["is", "the value"] : ["are", "the values"];
  return `${subjects.join(", ")} ${are} cut off at " #", which begins a comment in YAML; quote ${value}, or write toJSON() for text that comes from an expression`;
}

function toMappingValue(node: YamlNode): MappingValue {
  if (node.kind === "scalar") return { kind: "scalar", text: node.text };
  return { kind: node.kind, json: toJsonText(node) };
}

/** Numbers keep every digit, which JavaScript's numbers would not. */
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

/** Whether the first line with content begins a YAML list, or a mapping where a list is expected. */
function isYamlList(text: string): boolean {
  const first = text.split(/\r\n|\r|\n/).find((line) => !/^\s*(#|---\s*$|$)/.test(line));
  return first !== undefined && /^\s*([[{]|-(\s|$))/.test(first);
}

async function parseYamlItems(text: string, warn: Warn): Promise<readonly string[]> {
  const node = await parseYaml(text);
  if (node === undefined) return [];
  if (node.kind !== "list") throw new Error(`expected a list, got ${describeNode(node)}`);
  const paths = node.items.flatMap((item, index) => cutOffPaths(`item ${index + 1}`, item));
  if (paths.length > 0) warn(cutOffText(paths));
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
  return node.kind === "scalar" ? "text; put a space after the colon" : `a ${nodeKind(node)}`;
}
