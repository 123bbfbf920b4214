import { ClientSecretPost } from "oauth4webapi";
import type { Application } from "../core/sign-in-way.ts";
import { askAsApplication, grantedBy } from "./client-credentials.ts";
import type { FetchToken, Outside } from "./granted.ts";

interface Secret {
  readonly application: Application;
  readonly secret: string;
}

/** An application that knows a secret. */
export function clientSecret({ application, secret }: Secret, outside: Outside): FetchToken {
  const authentication = ClientSecretPost(secret);
  return async (signal) =>
    grantedBy(await askAsApplication({ application, authentication }, outside, signal), {
      invalid_client: "Check `client-id` and `client-secret`: the secret may be wrong, or expired.",
    });
}
