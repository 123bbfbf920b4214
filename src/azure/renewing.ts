import { ActionError, PassingError } from "../errors.ts";
import type { Clock, SignIn } from "../ports.ts";
import { tokenMs } from "./deadline.ts";
import type { Call, Wrap } from "./send.ts";

interface Door {
  readonly signIn: SignIn;
  readonly clock: Clock;
}

/**
 * After a 401 the token is fetched anew, once, where it can be; the call is then asked once more. One that was never
 * any good, whatever was asked with it, would be no better the second time.
 */
export function renewing(door: Door): Wrap {
  let wasGood = false;
  return (send) =>
    async <T>(call: Call<T>) => {
      try {
        const answer = await send(call);
        wasGood = true;
        return answer;
      } catch (error) {
        const isSpent = wasGood && error instanceof ActionError && error.code === "unauthorized";
        if (!isSpent || !(await inTime(call, door, (limit) => door.signIn.renew(limit)))) throw error;
        return await send(call);
      }
    };
}

/** The value of the Authorization header, within the time that the call has. */
export function authorizationFor(call: Call, door: Door): Promise<string> {
  return inTime(call, door, (limit) => door.signIn.authorization(limit));
}

/** A token that is long in coming is as late as an answer would be: a wait has its deadline whatever is missing. */
async function inTime<T>(
  call: Call,
  { clock }: Door,
  fetchToken: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const { signal } = call;
  const late = AbortSignal.timeout(Math.ceil(tokenMs(call, clock.now())));
  try {
    return await fetchToken(AbortSignal.any([signal, late]));
  } catch (error) {
    if (signal.aborted || !late.aborted || error instanceof ActionError) throw error;
    throw new PassingError("no token came in time", { unsent: true, cause: error });
  }
}
