import type { Identity } from "../options.ts";

/** The response of a route, before it is serialized. */
export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Blank beside `json`: the usual one, with the version in it. */
  readonly type?: string;
  readonly json?: unknown;
  /** Lines may be too many to keep: they are written as they come. */
  readonly body?: string | Uint8Array | Iterable<string>;
  /** The authenticated caller. */
  readonly caller?: Identity;
}

export function ok(json: unknown, headers?: Readonly<Record<string, string>>): ApiResponse {
  return { status: 200, json, ...(headers !== undefined && { headers }) };
}

/** The envelope of a list. */
export function listOf(value: readonly unknown[], headers?: Readonly<Record<string, string>>): ApiResponse {
  return ok({ count: value.length, value }, headers);
}

export const noContent: ApiResponse = { status: 204 };

interface ErrorFields {
  readonly status: number;
  readonly typeKey: string;
  readonly message: string;
  readonly namespace?: string;
  /** Blank: the typeKey in its namespace. */
  readonly typeName?: string;
  readonly eventId?: number;
  readonly customProperties?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The error envelope. */
export function errorResponse({
  status,
  typeKey,
  message,
  namespace = "Microsoft.TeamFoundation.Build.WebApi",
  typeName = `${namespace}.${typeKey}, ${namespace}`,
  eventId = 3000,
  customProperties,
  headers,
}: ErrorFields): ApiResponse {
  return {
    status,
    type: "application/json; charset=utf-8",
    headers: { "x-tfs-serviceerror": encodeURIComponent(message.toWellFormed()).slice(0, 2048), ...headers },
    json: {
      $id: "1",
      ...(customProperties !== undefined && { customProperties }),
      innerException: null,
      message,
      typeName,
      typeKey,
      errorCode: 0,
      eventId,
    },
  };
}

export function htmlResponse(status: number, title: string, text: string): ApiResponse {
  const page = `<!DOCTYPE html>\r\n<html lang="en"><head><title>${title}</title></head><body>${text}</body></html>\r\n`;
  return { status, type: "text/html; charset=utf-8", body: page };
}
