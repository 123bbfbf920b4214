import type { ApiResponse } from "../http/response.ts";
import type { ApiRequest } from "./request.ts";

export interface Route {
  readonly method: string;
  /** Segments after `_apis/`; `{name}` takes one, and `{*name}` at the end takes the rest. */
  readonly segments: readonly string[];
  /** Of the project, or of the collection. */
  readonly scope: "project" | "collection";
  /** Exists only as a preview, in every version. */
  readonly previewOnly: boolean;
  /** Of a request's body. */
  readonly contentTypes: readonly string[];
  readonly handle: (request: ApiRequest) => ApiResponse;
}

interface RouteOptions {
  readonly scope?: Route["scope"];
  readonly previewOnly?: boolean;
  readonly contentTypes?: Route["contentTypes"];
}

export const jsonPatch = "application/json-patch+json";

const jsonTypes = ["application/json", jsonPatch];

export function route(
  method: string,
  path: string,
  handle: Route["handle"],
  { scope = "project", previewOnly = false, contentTypes = jsonTypes }: RouteOptions = {},
): Route {
  return { method, segments: path === "" ? [] : path.split("/"), scope, previewOnly, contentTypes, handle };
}

type CollectionPaths = readonly (readonly string[])[];

export interface ApiPath {
  readonly collection: readonly string[];
  readonly project: string | undefined;
  readonly segments: readonly string[];
}

/** Splits a path into collection, project and route: `/{collection}/{project}/_apis/…`; the collection may be several segments. */
export function parseApiPath(pathname: string, collections: CollectionPaths): ApiPath | undefined {
  const segments = segmentsOf(pathname);
  const collection = collectionOf(segments, collections);
  if (collection === undefined) return undefined;
  const rest = segments.slice(collection.length);
  const at = rest.findIndex((segment) => segment.toLowerCase() === "_apis");
  if (at < 0 || at > 1) return undefined;
  const path = rest.slice(at + 1);
  while (path.at(-1) === "") path.pop();
  return {
    collection: segments.slice(0, collection.length),
    project: at === 1 ? rest[0] : undefined,
    segments: path,
  };
}

/** Whether the path is that of the collection, or below it. */
export function isInCollection(pathname: string, collections: CollectionPaths): boolean {
  return collectionOf(segmentsOf(pathname), collections) !== undefined;
}

function segmentsOf(pathname: string): string[] {
  return pathname.split("/").slice(1).map(decodeSegment);
}

function collectionOf(
  segments: readonly string[],
  collections: CollectionPaths,
): readonly string[] | undefined {
  return collections.find((one) =>
    one.every((name, index) => name.toLowerCase() === segments[index]?.toLowerCase()),
  );
}

type RouteMatch =
  | { readonly route: Route; readonly params: Readonly<Record<string, string>> }
  | { readonly methods: readonly string[] };

/** The route for the method and path, or the methods that the path has. */
export function findRoute(routes: readonly Route[], method: string, path: ApiPath): RouteMatch {
  const scope = path.project === undefined ? "collection" : "project";
  const matches = routes.flatMap((one) => {
    const params =
      one.scope === scope || isProjectOptional(one) ? paramsOf(one.segments, path.segments) : undefined;
    return params === undefined ? [] : [{ route: one, params }];
  });
  // Literal segments take precedence over parameters.
  matches.sort((one, other) => Object.keys(one.params).length - Object.keys(other.params).length);
  return (
    matches.find((one) => one.route.method === method) ?? { methods: matches.map((one) => one.route.method) }
  );
}

/** The areas whose ids are unique in the collection can be called without the project. */
function isProjectOptional({ segments: [area = ""], scope }: Route): boolean {
  return scope === "project" && ["build", "git"].includes(area);
}

function paramsOf(
  pattern: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  const rest = /^\{\*(\w+)\}$/.exec(pattern.at(-1) ?? "")?.[1];
  if (rest !== undefined && segments.length > pattern.length) {
    const end = pattern.length - 1;
    const params = paramsOf(pattern.slice(0, end), segments.slice(0, end));
    return params && { ...params, [rest]: segments.slice(end).join("/") };
  }
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? "";
    const name = /^\{\*?(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined && segment !== "") params[name] = segment;
    else if (part.toLowerCase() !== segment.toLowerCase()) return undefined;
  }
  return params;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
