import { ActionError, type ErrorCode } from "../errors.ts";
import type { HttpResponse } from "../ports.ts";
import { type ErrorBody, parseErrorBody } from "./envelope.ts";
import { hintFor } from "./hints.ts";
import type { ApiRequest } from "./send.ts";
import { isThrottled, isTransientStatus } from "./status.ts";

/** By the envelope's typeKey, which is never localised. First match wins. */
const codesByTypeKey: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^(AccessCheck|UnauthorizedRequest|InvalidAccess|VssUnauthorized)/, "unauthorized"],
  [/AccessDenied|Permission|Forbidden/, "forbidden"],
  [/NotFound|DoesNotExist/, "not-found"],
  [
    /Validation|Disabled|Invalid|NotSupported|Ambiguous|OutOfRange|NotSpecified|Exists|MissingTasks|NotMatched/,
    "rejected",
  ],
];

/** Of these a 5xx may be sure that nothing was done, since they are of this field; any other 5xx leaves it open. */
const definitiveTypeKeys =
  /^(AccessCheck|UnauthorizedRequest|VssUnauthorized)|AccessDenied|^(Ambiguous|Branch|Build|Definition|Endpoint|InvalidBuild|InvalidDefinition|Missing|Pipeline|Project|Queue|Repository|Stage|Variable)\w*(AccessDenied|Ambiguous|Disabled|DoesNotExist|Exception|Invalid|NotFound|NotSupported|Validation)/;

/** A refusal in the service's own words. */
export class ApiError extends ActionError {
  /** By which the service tells refusals apart, whatever its language. */
  readonly typeKey: string;

  constructor(
    code: ErrorCode,
    message: string,
    { typeKey, hint }: { typeKey: string; hint: string | undefined },
  ) {
    super(code, message, { hint });
    this.typeKey = typeKey;
  }
}

/** What a definite refusal becomes, in the service's own words; `undefined` for what may pass. */
export function apiErrorFrom(request: ApiRequest, response: HttpResponse): ActionError | undefined {
  const errorBody = parseErrorBody(response);
  const code = isOffline(response, errorBody) ? offlineCode(request) : errorCodeFor(response, errorBody);
  if (code === undefined) return undefined;
  return new ApiError(code, `${request.operation} was refused${quotedMessage(response, errorBody)}`, {
    typeKey: errorBody.typeKey,
    hint: hintFor(code, { request, response, errorBody }),
  });
}

/** A bad token is often answered by the page where a person would sign in. */
export function signInPageError(request: ApiRequest, response: HttpResponse): ActionError {
  const errorBody = parseErrorBody({ ...response, body: "" });
  return new ActionError(
    "unauthorized",
    `${request.operation} was answered with a sign-in page (${response.status}).`,
    {
      hint: hintFor("unauthorized", { request, response, errorBody }),
    },
  );
}

/** A collection that is switched off says so, and will say so again; only a wait has the time to see it return. */
function isOffline({ headers }: HttpResponse, { message }: ErrorBody): boolean {
  return headers["x-vss-hostofflineerror"] !== undefined || /TF24668/.test(message);
}

function offlineCode({ toleratesOutage }: ApiRequest): ErrorCode | undefined {
  return toleratesOutage ? undefined : "unreachable";
}

function errorCodeFor({ status }: HttpResponse, errorBody: ErrorBody): ErrorCode | undefined {
  if (isThrottled({ status }, errorBody)) return undefined;
  const { typeKey, message } = errorBody;
  if (status === 401 || /VS403463/.test(message)) return "unauthorized";
  const mappedCode =
    codesByTypeKey.find(([pattern]) => pattern.test(typeKey))?.[1] ?? codeByErrorNumber(message);
  if (status >= 500) return definitiveTypeKeys.test(typeKey) ? mappedCode : undefined;
  if (isTransientStatus(status)) return undefined;
  if (mappedCode !== undefined) return mappedCode;
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  return "rejected";
}

/** A project that the caller cannot see comes as 400. The numbers are in no language. */
function codeByErrorNumber(message: string): ErrorCode | undefined {
  return /\b(TF200016|VS800075)\b/.test(message) ? "not-found" : undefined;
}

function quotedMessage({ status, headers }: HttpResponse, { message }: ErrorBody): string {
  const activityId = headers["activityid"] ?? headers["x-vss-e2eid"];
  const activityText = activityId === undefined ? "" : ` (activity ${activityId})`;
  return message === "" ? ` with status ${status}.${activityText}` : `: ${message.trim()}${activityText}`;
}
