import { isJsonObject, type JsonObject, type JsonValue } from "../core/merge.ts";
import { readJsonMapping, readMapping } from "./mapping.ts";

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
