import { ActionError, type ErrorCode } from "../errors.ts";
import type { HttpAnswer } from "../ports.ts";
import { type Envelope, envelopeOf } from "./envelope.ts";
import { hintFor } from "./hints.ts";
import type { Call } from "./send.ts";
import { isPassing, isThrottled } from "./status.ts";

/** By the envelope's typeKey, which is never localised. First match wins. */
const byKey: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^(AccessCheck|UnauthorizedRequest|InvalidAccess|VssUnauthorized)/, "unauthorized"],
  [/AccessDenied|Permission|Forbidden/, "forbidden"],
  [/NotFound|DoesNotExist/, "not-found"],
  [
    /Validation|Disabled|Invalid|NotSupported|Ambiguous|OutOfRange|NotSpecified|Exists|MissingTasks|NotMatched/,
    "rejected",
  ],
];

/** Of these a 5xx may be sure that nothing was done, since they are of this field; any other 5xx leaves it open. */
const certain =
  /^(AccessCheck|UnauthorizedRequest|VssUnauthorized)|AccessDenied|^(Ambiguous|Branch|Build|Definition|Endpoint|InvalidBuild|InvalidDefinition|Missing|Pipeline|Project|Queue|Repository|Stage|Variable)\w*(AccessDenied|Ambiguous|Disabled|DoesNotExist|Exception|Invalid|NotFound|NotSupported|Validation)/;

/** A refusal in the service's own words. */
export class Refusal extends ActionError {
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
export function refusalOf(call: Call, answer: HttpAnswer): ActionError | undefined {
  const envelope = envelopeOf(answer);
  const code = isOffline(answer, envelope) ? offlineCode(call) : codeOf(answer, envelope);
  if (code === undefined) return undefined;
  return new Refusal(code, `${call.doing} was refused${quoted(answer, envelope)}`, {
    typeKey: envelope.typeKey,
    hint: hintFor(code, { call, answer, envelope }),
  });
}

/** A bad token is often answered by the page where a person would sign in. */
export function signInPage(call: Call, answer: HttpAnswer): ActionError {
  const envelope = envelopeOf({ ...answer, body: "" });
  return new ActionError(
    "unauthorized",
    `${call.doing} was answered with a sign-in page (${answer.status}).`,
    {
      hint: hintFor("unauthorized", { call, answer, envelope }),
    },
  );
}

/** A collection that is switched off says so, and will say so again; only a wait has the time to see it return. */
function isOffline({ headers }: HttpAnswer, { message }: Envelope): boolean {
  return headers["x-vss-hostofflineerror"] !== undefined || /TF24668/.test(message);
}

function offlineCode({ outlastsOutage }: Call): ErrorCode | undefined {
  return outlastsOutage ? undefined : "unreachable";
}

function codeOf({ status }: HttpAnswer, envelope: Envelope): ErrorCode | undefined {
  if (isThrottled({ status }, envelope)) return undefined;
  const { typeKey, message } = envelope;
  if (status === 401 || /VS403463/.test(message)) return "unauthorized";
  const named = byKey.find(([pattern]) => pattern.test(typeKey))?.[1] ?? byNumber(message);
  if (status >= 500) return certain.test(typeKey) ? named : undefined;
  if (isPassing(status)) return undefined;
  if (named !== undefined) return named;
  if (status === 403) return "forbidden";
  if (status === 404) return "not-found";
  return "rejected";
}

/** A project that the caller cannot see comes as 400. The numbers are in no language. */
function byNumber(message: string): ErrorCode | undefined {
  return /\b(TF200016|VS800075)\b/.test(message) ? "not-found" : undefined;
}

function quoted({ status, headers }: HttpAnswer, { message }: Envelope): string {
  const activity = headers["activityid"] ?? headers["x-vss-e2eid"];
  const trail = activity === undefined ? "" : ` (activity ${activity})`;
  return message === "" ? ` with status ${status}.${trail}` : `: ${message.trim()}${trail}`;
}
