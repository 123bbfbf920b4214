export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/**
 * The target with the source laid over it: objects merge, lists and scalars replace. Neither is changed.
 * Only own names count, and `__proto__` is a name like any other.
 */
export function deepMerge(target: JsonObject, source: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [name, value] of Object.entries(source)) {
    const existing = merged.get(name);
    merged.set(name, isJsonObject(existing) && isJsonObject(value) ? deepMerge(existing, value) : value);
  }
  // Defines own properties, where an assignment to `__proto__` would set a prototype.
  return Object.fromEntries(merged);
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The fields of what lies inside a value that may be anything: none where there is no such object. */
export function getObject(value: unknown, ...path: readonly string[]): Readonly<Record<string, unknown>> {
  const [name, ...rest] = path;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  const fields = value as Readonly<Record<string, unknown>>;
  return name === undefined ? fields : getObject(fields[name], ...rest);
}

/** The value of a JSON text, which may begin with a byte order mark; `undefined` where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}
