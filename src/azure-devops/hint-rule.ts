import { listed } from "../lib/text.ts";
import type { HttpResponse } from "../ports.ts";
import type { ApiRequest } from "./api-request.ts";
import type { ErrorBody } from "./error-body.ts";

export interface HintContext {
  readonly request: Pick<ApiRequest, "method" | "path" | "body">;
  readonly response: Pick<HttpResponse, "status" | "headers">;
  readonly errorBody: Pick<ErrorBody, "typeKey" | "message">;
  /** Names of the inputs that the user set: hints mention only these. */
  readonly givenInputs: ReadonlySet<string>;
  /** An additional hint for a rejected credential. */
  readonly credentialHint?: string | undefined;
}

export type HintRule = (context: HintContext) => string | undefined;

/** The inputs of a list that were set, as a phrase: `` `a` and `b` ``. */
export function given(names: readonly string[], { givenInputs }: HintContext): string | undefined {
  const found = names.filter((name) => givenInputs.has(name)).map((name) => `\`${name}\``);
  return found.length === 0 ? undefined : listed(found, found.length);
}
