/** Decodes a response; an exception counts as the result. `original` is the response before any change. */
export type Decode = (json: unknown, original: unknown) => unknown;

type Path = readonly (string | number)[];

/** Fields that a decoder uses, with the JSON type that it understands. */
export interface FieldReport {
  readonly used: ReadonlyMap<string, string>;
  /** Each field of another type than the decoder expects, in words. */
  readonly mismatches: readonly string[];
}

/** How many values of one field are tried per recording. */
const maxSamplesPerField = 3;

/**
 * Compares what decoders expect with what was recorded, without knowing the decoders: a field is understood if a change of
 * its value, within its type, changes the result. A field that is read and never understood, or that has another type in
 * one recording than in those where it is understood, is a mismatch.
 */
export async function compareFields(
  recordings: ReadonlyMap<string, unknown>,
  decode: Decode,
): Promise<FieldReport> {
  const reads: { readonly name: string; readonly field: string; readonly type: string }[] = [];
  const used = new Map<string, string>();
  for (const [name, json] of recordings) {
    const decodeChanged = (changedJson: unknown) => resultOf(() => decode(changedJson, json));
    const expected = await decodeChanged(json);
    const samples = new Map<string, number>();
    for (const path of await readPaths(json, decodeChanged)) {
      const field = fieldName(path);
      const type = jsonType(valueAt(json, path));
      if (type === "null" || type === "empty") continue;
      const sample = (samples.get(field) ?? 0) + 1;
      samples.set(field, sample);
      reads.push({ name, field, type });
      if (sample > maxSamplesPerField) continue;
      if ((await decodeChanged(withChangedValue(json, path))) !== expected) used.set(field, type);
    }
  }
  const mismatches = reads
    .filter(({ field, type }) => used.get(field) !== type)
    .map(
      ({ name, field, type }) => `${name}: ${field} is of type ${type}, not ${used.get(field) ?? "expected"}`,
    );
  return { used, mismatches: [...new Set(mismatches)] };
}

async function resultOf(decode: () => unknown): Promise<string> {
  try {
    return JSON.stringify(await decode(), withoutRaw) ?? "undefined";
  } catch (error) {
    return String(error);
  }
}

/** Decoders keep the original response as `raw`, which does not show which fields they understand. */
function withoutRaw(key: string, value: unknown): unknown {
  if (key === "raw") return undefined;
  return value instanceof Map ? [...(value as ReadonlyMap<unknown, unknown>)] : value;
}

/** The values that a decoder reads, and the lists and objects that it takes without reading their contents. */
async function readPaths(
  json: unknown,
  decode: (watched: unknown) => Promise<unknown>,
): Promise<readonly Path[]> {
  const leaves = new Map<string, Path>();
  const watch = (value: unknown, path: Path): unknown => {
    const name = JSON.stringify(path);
    leaves.set(name, path);
    if (typeof value !== "object" || value === null) return value;
    return new Proxy(value, {
      get(target, key, receiver) {
        const item: unknown = Reflect.get(target, key, receiver);
        if (typeof key !== "string" || key === "then" || key === "toJSON") return item;
        leaves.delete(name);
        return Object.hasOwn(target, key) && key !== "length" ? watch(item, [...path, key]) : item;
      },
    });
  };
  await decode(watch(json, []));
  return [...leaves.values()];
}

function fieldName(path: Path): string {
  return path.map((key) => (/^\d+$/.test(String(key)) ? "[]" : key)).join(".");
}

function valueAt(json: unknown, path: Path): unknown {
  return path.reduce((value: unknown, key) => (value as Readonly<Record<string, unknown>>)[key], json);
}

function jsonType(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (typeof value !== "object") return typeof value;
  if (Object.keys(value).length === 0) return "empty";
  return Array.isArray(value) ? "list" : "object";
}

function withChangedValue(json: unknown, path: Path): unknown {
  const copy = structuredClone(json);
  const parent = valueAt(copy, path.slice(0, -1)) as Record<string | number, unknown>;
  const key = path.at(-1) ?? "";
  parent[key] = changed(parent[key]);
  return copy;
}

/** Another value of the same type: a date for a date, a URL for a URL. */
function changed(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (typeof value !== "string") return null;
  if (/^\d{4}-\d\d-\d\dT/.test(value)) return "2001-02-03T04:05:06Z";
  if (/^https?:/.test(value)) return "https://other.example/owner/other";
  return /^\d+$/.test(value) ? `${value}1` : `x${value}x`;
}
