import type { Application } from "../core/sign-in-way.ts";
import { askAsApplication, assertionOf } from "./client-credentials.ts";
import { federationHelp } from "./federated-credential.ts";
import type { FetchToken, Outside } from "./granted.ts";
import type { Answer } from "./oauth.ts";
import { refusedError } from "./refusal.ts";

interface Federation {
  assertion(signal: AbortSignal): Promise<string>;
  readonly issuedBy: "GitHub" | "Kubernetes";
}

/** An application that trusts somebody else's tokens: a federated credential says whose. */
export function federated(application: Application, outside: Outside, federation: Federation): FetchToken {
  let known = false;
  return async (signal) => {
    let assertion = "";
    const ask = async (): Promise<Answer> => {
      assertion = await federation.assertion(signal);
      outside.host.mask(assertion);
      return askAsApplication({ application, authentication: assertionOf(assertion) }, outside, signal);
    };
    const answer = known ? await ask() : await settled(ask, outside, signal);
    if ("refusal" in answer) {
      const { clientId } = application;
      throw refusedError(
        answer.refusal,
        federationHelp(answer.refusal, { assertion, clientId, issuedBy: federation.issuedBy }),
      );
    }
    known = true;
    return answer.granted;
  };
}

const unknownCredential = new Set([70021, 700211, 700212, 700213]);

/** A credential that was added a moment ago may not be known everywhere: it gets a few seconds. */
async function settled(
  ask: () => Promise<Answer>,
  { clock, host }: Outside,
  signal: AbortSignal,
): Promise<Answer> {
  for (const waitMs of [2_000, 4_000]) {
    const answer = await ask();
    if (!("refusal" in answer && answer.refusal.codes.some((code) => unknownCredential.has(code))))
      return answer;
    const seconds = waitMs / 1_000;
    const text = `Entra ID knew no matching federated credential. One that is new takes a moment to be known: asking again in ${seconds} s.`;
    host.write([{ type: "text", text }]);
    await clock.sleep(waitMs, signal);
  }
  return ask();
}
