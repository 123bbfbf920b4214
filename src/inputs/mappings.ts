import type { JsonObject } from "../core/merge.ts";
import { readJsonMapping, readList, readMapping } from "./mapping.ts";

export type Texts = Readonly<Record<string, string>>;
export type Json = JsonObject;

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

export function jsonMapping(raw: string): Promise<Json> {
  return readJsonMapping(raw);
}

export function list(raw: string): Promise<readonly string[]> {
  return readList(raw);
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
