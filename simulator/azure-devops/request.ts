import type { SimulatorState } from "../engine/state.ts";
import type { Credential, Identity } from "../options.ts";

/** A request as a route gets it. */
export interface ApiRequest {
  readonly state: SimulatorState;
  readonly method: string;
  readonly pathname: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly accept: string;
  readonly bodyText: string;
  readonly credential: Credential;
  readonly caller: Identity;
  /** The collection's address as it was called. */
  readonly collection: string;
  /** The same with the project's GUID: the beginning of every link in a response. */
  readonly projectUrl: string;
  /** The same collection on the host that keeps pipeline artifacts. */
  readonly artifactOrigin: string;
  /** Another host, which takes no credential. */
  readonly blobOrigin: string;
}

/** Query names are case-insensitive. */
export interface Query {
  get(name: string): string | undefined;
  list(name: string): string[];
  number(name: string): number | undefined;
}

export function parseQuery(search: URLSearchParams): Query {
  const values = new Map([...search].map(([name, value]) => [name.toLowerCase(), value]));
  const get = (name: string) => values.get(name.toLowerCase());
  return {
    get,
    list: (name) => (get(name) ?? "").split(",").flatMap((item) => (item.trim() === "" ? [] : [item.trim()])),
    number: (name) => {
      const value = get(name);
      return value === undefined || value.trim() === "" || Number.isNaN(Number(value))
        ? undefined
        : Number(value);
    },
  };
}

/** The body as an object; undefined if it is none. */
export function parseBody(request: ApiRequest): Readonly<Record<string, unknown>> | undefined {
  return request.bodyText.trim() === "" ? {} : objectFrom(parseJson(request.bodyText));
}

/** The same, but undefined if the body is missing. */
export function parseRequiredBody(request: ApiRequest): Readonly<Record<string, unknown>> | undefined {
  return objectFrom(parseJson(request.bodyText));
}

/** Undefined if it is not JSON. Some clients begin it with a byte order mark. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

export function objectFrom(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
}

/** Property names are case-insensitive too. */
export function getProperty(record: Readonly<Record<string, unknown>> | undefined, name: string): unknown {
  const key = Object.keys(record ?? {}).find((one) => one.toLowerCase() === name.toLowerCase());
  return key === undefined ? undefined : record?.[key];
}

export function stringFrom(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
