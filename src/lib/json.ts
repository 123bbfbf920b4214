export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/**
 * Merges the source into a copy of the target: objects are merged, lists and scalars replaced.
 * Only own properties count, and `__proto__` is an ordinary name.
 */
export function deepMerge(target: JsonObject, source: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [name, value] of Object.entries(source)) {
    const existing = merged.get(name);
    merged.set(name, isJsonObject(existing) && isJsonObject(value) ? deepMerge(existing, value) : value);
  }
  // Defines own properties; an assignment to `__proto__` would set the prototype.
  return Object.fromEntries(merged);
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of a JSON object with unknown content: absent fields are `undefined`. */
export type JsonFields = Readonly<Record<string, unknown>>;

/** The fields of a value, or of the value at a path inside it; no fields if it is not an object. */
export function asObject(value: unknown, ...path: readonly string[]): JsonFields {
  let fields = fieldsOf(value);
  for (const name of path) fields = fieldsOf(fields[name]);
  return fields;
}

const noFields: JsonFields = Object.freeze({});

function fieldsOf(value: unknown): JsonFields {
  return isFields(value) ? value : noFields;
}

function isFields(value: unknown): value is JsonFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asString(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

export function asNumber(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** An id, or null: a fraction, or a number that JavaScript cannot represent exactly, may be another object's id. */
export function asId(value: unknown): number | null {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** Deeper values cannot be processed: every recursive function, `JSON.stringify` included, would exceed the stack. */
const maxDepth = 500;

const [quote, backslash] = [0x22, 0x5c];

/** Whether a JSON text is nested so deeply that its value could not be processed. */
export function isNestedTooDeeply(text: string): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index);
    if (character === quote) {
      index = endOfString(text, index);
      if (index < 0) return false;
    } else if (character === 0x7b || character === 0x5b) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (character === 0x7d || character === 0x5d) {
      depth -= 1;
    }
  }
  return false;
}

/** The index of the quote that ends the string which begins at `start`; -1 if there is none. */
function endOfString(text: string, start: number): number {
  let end = start;
  for (;;) {
    end = text.indexOf('"', end + 1);
    let firstBackslash = end;
    while (text.charCodeAt(firstBackslash - 1) === backslash) firstBackslash -= 1;
    if ((end - firstBackslash) % 2 === 0) return end;
  }
}

/**
 * The value of a JSON text, which may begin with a byte order mark; `undefined` if it is not JSON, or nested too deeply to be
 * processed.
 */
export function parseJson(text: string): unknown {
  if (isNestedTooDeeply(text)) return undefined;
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

/** The fields of a JSON text; `undefined` if it is not an object. */
export function parseJsonObject(text: string): JsonFields | undefined {
  const value = parseJson(text);
  return isFields(value) ? value : undefined;
}

type SourceReviver = (name: string, value: unknown, context: { readonly source?: string }) => unknown;

/** `JSON.parse` with the source text of each value: part of JavaScript since Node 22, and missing in TypeScript's library. */
export const parseJsonWithSource = JSON.parse as (text: string, reviver: SourceReviver) => unknown;

/** Sorts the names of objects, at every depth: equal values then have the same text. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, sortKeys(v)]),
  );
}
