import { ActionError, TransientError } from "../errors.ts";
import type { Clock } from "../lib/time.ts";
import type { SignIn } from "../ports.ts";
import { type ApiRequest, type Policy, tokenTimeoutMs } from "./api-request.ts";

interface AuthPolicyDeps {
  readonly signIn: SignIn;
  readonly clock: Clock;
}

/**
 * After a 401 the token is renewed once, if possible, and the request is sent again. A credential that has never been
 * accepted is not renewed, since a new token would not be accepted either.
 */
export function authPolicy(deps: AuthPolicyDeps): Policy {
  let hasSucceeded = false;
  return (send) =>
    async <T>(request: ApiRequest<T>) => {
      try {
        const response = await send(request);
        hasSucceeded = true;
        return response;
      } catch (error) {
        const isExpired = hasSucceeded && error instanceof ActionError && error.code === "unauthorized";
        if (!isExpired || !(await withTokenTimeout(request, deps, (signal) => deps.signIn.refresh(signal))))
          throw error;
        return await send(request);
      }
    };
}

/** The value of the Authorization header, within the time limit of the request. */
export function authorizationFor(request: ApiRequest, deps: AuthPolicyDeps): Promise<string> {
  return withTokenTimeout(request, deps, (signal) => deps.signIn.authorization(signal));
}

/** Fetching a token counts towards the time limit of the request, so that the deadline of a wait always holds. */
async function withTokenTimeout<T>(
  request: ApiRequest,
  { clock }: AuthPolicyDeps,
  fetchToken: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal } = request;
  const timeoutSignal = AbortSignal.timeout(Math.ceil(tokenTimeoutMs(request, clock.now())));
  try {
    return await fetchToken(AbortSignal.any([signal, timeoutSignal]));
  } catch (error) {
    if (signal.aborted || !timeoutSignal.aborted || error instanceof ActionError) throw error;
    throw new TransientError("fetching a token timed out", { unsent: true, cause: error });
  }
}
