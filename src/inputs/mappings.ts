import { isJsonObject, type JsonObject, type JsonValue } from "../core/merge.ts";
import { readJsonMapping, readMapping } from "./mapping.ts";

type Texts = Readonly<Record<string, string>>;
type Json = JsonObject;

/** Template parameters: a scalar as it was written, a list or a mapping as JSON text. */
export async function parameterMapping(raw: string): Promise<Texts> {
  const mapping = await readMapping(raw);
  return Object.fromEntries(
    mapping.map(([name, node]) => [name, node.kind === "scalar" ? node.text : node.json]),
  );
}

/** Variables are texts: one with a list or a mapping for a value cannot be meant. */
export function variableMapping(raw: string): Promise<Texts> {
  return scalarsOnly(raw, "a variable takes one text; to hand over more, use `parameters`");
}

/** Output names to expressions. */
export function textMapping(raw: string): Promise<Texts> {
  return scalarsOnly(raw, "expected an expression");
}

const resourceKinds = ["pipelines", "builds", "containers", "packages", "repositories"];

/** What the request's `resources` take: of each kind that is known, a mapping of aliases to mappings. */
export async function resourcesMapping(raw: string): Promise<Json> {
  const resources = await readJsonMapping(raw);
  for (const kind of resourceKinds) {
    const aliases = resources[kind];
    if (aliases === undefined) continue;
    if (!isJsonObject(aliases))
      throw new Error(`"${kind}" takes a mapping of aliases, as in ${example(kind)}`);
    const [odd] = Object.entries(aliases).find(([, resource]) => !isJsonObject(resource)) ?? [];
    if (odd !== undefined) throw new Error(`"${odd}" in "${kind}" takes a mapping, as in ${example(kind)}`);
  }
  return resources;
}

function example(kind: string): string {
  return kind === "repositories" ? "tools: {refName: refs/heads/main}" : "alias: {version: 20240101.1}";
}

/** The request's own fields. A preview is no start: the answer would name no run. */
export async function bodyMapping(raw: string): Promise<Json> {
  const body = await readJsonMapping(raw);
  // The service passes over the case of names.
  const preview = Object.entries(body).find(([name, value]) => /^previewRun$/i.test(name) && isMeant(value));
  if (preview !== undefined) {
    throw new Error(`"${preview[0]}" starts no run; take it out and use the input \`preview\``);
  }
  return body;
}

/** Whether anything but some spelling of false was written. */
function isMeant(value: JsonValue): boolean {
  return !/^(false|null|0|)$/i.test(String(value).trim());
}

async function scalarsOnly(raw: string, why: string): Promise<Texts> {
  const mapping = await readMapping(raw);
  return Object.fromEntries(
    mapping.map(([name, node]) => {
      if (node.kind === "scalar") return [name, node.text];
      throw new Error(`"${name}" has a ${node.kind === "list" ? "list" : "mapping"} for its value; ${why}`);
    }),
  );
}
