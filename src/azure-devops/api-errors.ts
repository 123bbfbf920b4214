import { ActionError, type ErrorCode } from "../errors.ts";
import type { HttpResponse } from "../ports.ts";
import { ApiError, type ApiRequest } from "./api-request.ts";
import {
  type ErrorBody,
  isFromGateway,
  isThrottled,
  isTransientStatus,
  parseErrorBody,
} from "./error-body.ts";
import { hintFor } from "./hints.ts";

/** Error codes by the body's typeKey, which is never localised. The first match wins. */
const codesByTypeKey: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^(AccessCheck|UnauthorizedRequest|InvalidAccess|VssUnauthorized)/, "unauthorized"],
  [/AccessDenied|Permission|Forbidden/, "forbidden"],
  [/NotFound|DoesNotExist/, "not-found"],
  [
    /Validation|Disabled|Invalid|NotSupported|Ambiguous|OutOfRange|NotSpecified|Exists|MissingTasks|NotMatched/,
    "rejected",
  ],
];

/** With one of these typeKeys, even a 5xx means that nothing was done; any other 5xx is inconclusive. */
const definitiveTypeKeys =
  /^(AccessCheck|UnauthorizedRequest|VssUnauthorized)|AccessDenied|^(Ambiguous|Branch|Build|Definition|Endpoint|InvalidBuild|InvalidDefinition|Missing|Pipeline|Project|Queue|Repository|Stage|Variable)\w*(AccessDenied|Ambiguous|Disabled|DoesNotExist|Exception|Invalid|NotFound|NotSupported|Validation)/;

interface ErrorContext {
  /** Names of the inputs that the user set: hints mention only these. */
  readonly givenInputs: ReadonlySet<string>;
  /** An additional hint for a rejected credential. */
  readonly credentialHint?: string | undefined;
  /** The organization's URL. */
  readonly baseUrl: string;
}

/** The error for a permanent refusal, with the service's message; `undefined` if a later request may succeed. */
export function apiErrorFrom(
  request: ApiRequest,
  response: HttpResponse,
  { givenInputs, credentialHint }: ErrorContext,
): ActionError | undefined {
  const errorBody = parseErrorBody(response);
  const code = isOffline(response, errorBody) ? offlineCode(request) : errorCodeFor(response, errorBody);
  if (code === undefined) return undefined;
  return new ApiError(code, `${request.operation} was refused${quotedMessage(response, errorBody)}`, {
    typeKey: errorBody.typeKey,
    hint: hintFor(code, { request, response, errorBody, givenInputs, credentialHint }),
  });
}

/** The response to a bad token is often a sign-in page, or a redirect to one. */
export function signInPageError(
  request: ApiRequest,
  response: HttpResponse,
  { givenInputs, credentialHint, baseUrl }: ErrorContext,
): ActionError {
  const { status, headers } = response;
  const target = headers["location"] === undefined ? null : URL.parse(headers["location"], baseUrl);
  const { host } = new URL(baseUrl);
  const isElsewhere = target !== null && target.host !== host;
  const page = isElsewhere ? `a redirect to ${target.host}` : "a sign-in page";
  const errorBody = parseErrorBody({ ...response, body: "" });
  const input = ["organization", "url"].find((name) => givenInputs.has(name));
  return new ActionError("unauthorized", `${request.operation} was answered with ${page} (${status}).`, {
    hint:
      isElsewhere && !isSignInUrl(target)
        ? `Check ${input === undefined ? "the organization's URL" : `\`${input}\``}, and whether a proxy or gateway responds instead of ${host}: Azure DevOps redirects only to sign-in pages.`
        : hintFor("unauthorized", { request, response, errorBody, givenInputs, credentialHint }),
  });
}

/** Whether a redirect leads to a sign-in page. */
export function isSignInUrl({ protocol, host, pathname }: URL): boolean {
  if (/\/_signin\b/i.test(pathname)) return true;
  return protocol === "https:" && (host === "login.microsoftonline.com" || host === "login.live.com");
}

/** A collection that is offline has an error of its own, and stays offline for longer than a step waits before its start. */
function isOffline({ headers }: HttpResponse, { message }: ErrorBody): boolean {
  return headers["x-vss-hostofflineerror"] !== undefined || /TF24668/.test(message);
}

function offlineCode({ toleratesOutage }: ApiRequest): ErrorCode | undefined {
  return toleratesOutage ? undefined : "unreachable";
}

function errorCodeFor({ status }: HttpResponse, errorBody: ErrorBody): ErrorCode | undefined {
  if (isThrottled({ status }, errorBody)) return undefined;
  const { typeKey, message } = errorBody;
  if (isFromGateway({ status }, errorBody)) return undefined;
  // The page of conditional access rejects the identity; its JSON with 403 is a missing permission.
  if (status === 403 && !(typeKey === "" && /VS403463/.test(message))) return "forbidden";
  if (status === 401 || /VS403463/.test(message)) return "unauthorized";
  const mappedCode =
    codesByTypeKey.find(([pattern]) => pattern.test(typeKey))?.[1] ?? codeByErrorNumber(message);
  if (status >= 500) return definitiveTypeKeys.test(typeKey) ? mappedCode : undefined;
  if (isTransientStatus(status)) return undefined;
  if (mappedCode !== undefined) return mappedCode;
  return status === 404 ? "not-found" : "rejected";
}

/** The response for a project that the caller cannot see is a 400. Error numbers are not localised. */
function codeByErrorNumber(message: string): ErrorCode | undefined {
  return /\b(TF200016|VS800075)\b/.test(message) ? "not-found" : undefined;
}

function quotedMessage({ status, headers }: HttpResponse, { message }: ErrorBody): string {
  const activityId = headers["activityid"] ?? headers["x-vss-e2eid"];
  const activityText = activityId === undefined ? "" : ` (activity ${activityId})`;
  return message === "" ? ` with status ${status}.${activityText}` : `: ${message.trim()}${activityText}`;
}
