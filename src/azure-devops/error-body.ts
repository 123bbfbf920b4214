import { asArray, asObject, asString, type JsonFields, parseJson } from "../lib/json.ts";
import { clip } from "../lib/text.ts";
import type { HttpResponse } from "../ports.ts";

/** The content of an error response. Missing texts are blank. */
export interface ErrorBody {
  readonly typeKey: string;
  readonly message: string;
  /** Azure DevOps sent it. `false`: a gateway, front door or proxy did, so it is not conclusive. */
  readonly isFromService: boolean;
}

/** GitHub truncates annotations at 4,096 characters: this leaves room for the hint, and for what became of the run. */
const maxMessageLength = 3_000;

/** The maximum length of a page. Characters. */
const maxPageLength = 64 * 1024;

/** Reads the error envelope, or its alternatives: `{"Message"}`, alone or as the value of a list, plain text, a header. */
export function parseErrorBody({ headers, body }: HttpResponse): ErrorBody {
  const json = withoutList(asObject(parseJson(body)));
  const message = messageOf(json) ?? (plainTextMessage(body, headers) || headerMessage(headers));
  return {
    typeKey: asString(json["typeKey"]) ?? "",
    message: clip([message, ...validationMessages(json)].join("\n"), maxMessageLength),
    isFromService: hasServiceHeader(headers) || isEnvelope(json) || hasOwnWords(body),
  };
}

/** Errors of the web framework are in the envelope of a list: `{"count":1,"value":{"Message":"…"}}`. */
function withoutList(json: JsonFields): JsonFields {
  const { count, value } = json;
  const inner = asObject(value);
  return typeof count === "number" && messageOf(inner) !== null ? inner : json;
}

function messageOf(json: JsonFields): string | null {
  return asString(json["message"]) ?? asString(json["Message"]);
}

/** The service's own headers: https://learn.microsoft.com/azure/devops/integrate/concepts/rate-limits names some. */
function hasServiceHeader(headers: HttpResponse["headers"]): boolean {
  return Object.keys(headers).some((name) => /^(activityid$|x-tfs-|x-vss-)/.test(name));
}

const envelopeFields = new Set([
  "$id",
  "customProperties",
  "errorCode",
  "eventId",
  "helpLink",
  "innerException",
  "message",
  "Message",
  "MessageDetail",
  "stackTrace",
  "typeKey",
  "typeName",
]);

/** Fields of gateways instead of a reason. */
const reasonPhrase =
  /^(?:bad request|unauthorized|forbidden|access denied|not found|method not allowed|not acceptable|gone|(?:payload|request entity) too large|misdirected request|request header fields too large|missing authentication token|no route matched with those values)[.!]?$/i;

/** The JSON of gateways has a message too, but also fields that the service does not use, or a message without a reason. */
function isEnvelope(json: JsonFields): boolean {
  if (asString(json["typeKey"]) !== null) return true;
  const message = messageOf(json);
  const hasReason = message !== null && !reasonPhrase.test(message.trim());
  return hasReason && Object.keys(json).every((name) => envelopeFields.has(name));
}

/** Texts that only Azure DevOps sends: its error numbers, and messages of its web framework. */
function hasOwnWords(body: string): boolean {
  return /\b(?:TF|VS)\d{5,}: |does not implement IController|\bThe resource cannot be found\b|^[^<]{0,200}\bREST API version\b|Azure DevOps (?:Services|Server) \|/.test(
    body.slice(0, maxPageLength),
  );
}

/** In the Build area, the reasons are separate from the message. */
function validationMessages(json: JsonFields): string[] {
  const results = asObject(json, "customProperties")["ValidationResults"];
  return asArray(Array.isArray(results) ? results : asObject(results)["$values"]).flatMap(
    (entry) => asString(asObject(entry)["message"]) ?? [],
  );
}

function plainTextMessage(body: string, headers: HttpResponse["headers"]): string {
  const isText = /^text\/plain/i.test(headers["content-type"] ?? "");
  if (isText) return body.replace(/^\uFEFF/, "").slice(0, 1_000);
  const page = body.slice(0, maxPageLength);
  // From a page, only the sentence that is specific to the service.
  return (
    /\b(?:TF|VS)\d{5,}: [^<\r\n]{1,500}/.exec(page)?.[0].trim() ??
    /\bThe controller for path [^<\r\n]{1,500}/.exec(page)?.[0].trim() ??
    ""
  );
}

/** The URL-encoded message, which is the only one in responses without a body. */
function headerMessage(headers: HttpResponse["headers"]): string {
  const encoded = headers["x-tfs-serviceerror"] ?? "";
  try {
    return decodeURIComponent(encoded.replaceAll("+", " "));
  } catch {
    return encoded;
  }
}

/** Transient unless the envelope has a known refusal. */
const transientStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether a later request may succeed. */
export function isTransientStatus(status: number): boolean {
  return transientStatuses.has(status) || status > 504;
}

/**
 * Throttling has status 429, and sometimes 403: it is recognised by its typeKey, its error number or its message. A 5xx with
 * that number is inconclusive, since the request may have been executed.
 */
export function isThrottled(
  { status }: Pick<HttpResponse, "status">,
  { typeKey, message }: Pick<ErrorBody, "typeKey" | "message">,
): boolean {
  if (status === 429 || typeKey === "RequestBlockedException") return true;
  return (
    (status < 500 && /\bTF400733\b/.test(message)) || /Request was blocked due to exceeding/.test(message)
  );
}

/** Whether a refusal was not sent by the service, and so is not conclusive. */
export function isFromGateway({ status }: Pick<HttpResponse, "status">, errorBody: ErrorBody): boolean {
  // The response to a bad token is often a 401 without a body: https://learn.microsoft.com/azure/devops/integrate/get-started/rest/basics
  const isRefusal = status < 500 && status !== 401 && !isTransientStatus(status);
  return isRefusal && !isThrottled({ status }, errorBody) && !errorBody.isFromService;
}
