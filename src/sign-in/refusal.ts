import { ActionError } from "../errors.ts";
import { hintForCode } from "./entra-hints.ts";

/** A token endpoint's definite no, in its own words. */
export interface OAuthError {
  readonly issuerName: string;
  readonly error: string;
  readonly description: string;
  /** AADSTS numbers; empty where it is not Entra ID that speaks. */
  readonly codes: readonly number[];
  readonly traceId: string | undefined;
}

/** Reads an OAuth error body. Entra ID packs its trace into the sentence: it is taken out. */
export function parseOAuthError(url: string, body: Readonly<Record<string, unknown>>): OAuthError {
  const description = nonEmptyString(body["error_description"]) ?? "";
  const codes = Array.isArray(body["error_codes"])
    ? body["error_codes"].filter((code) => typeof code === "number")
    : [];
  return {
    issuerName: issuerNameFor(url),
    error: nonEmptyString(body["error"]) ?? "error",
    description: withoutTraceDetails(description),
    codes: codes.length > 0 ? codes : aadstsCodes(description),
    traceId: nonEmptyString(body["trace_id"]) ?? /Trace ID:\s*([\w-]{36})/i.exec(description)?.[1],
  };
}

/** The numbers of the AADSTS errors that a text quotes. */
export function aadstsCodes(text: string): readonly number[] {
  return [...text.matchAll(/AADSTS(\d+)/g)].map(([, digits]) => Number(digits));
}

/** Microsoft's sentence without its Trace ID, Correlation ID and Timestamp. */
export function withoutTraceDetails(description: string): string {
  const sentence = description.split(/\s*Trace ID:/i)[0] ?? "";
  return sentence.replaceAll(/\s+/g, " ").trim().slice(0, 1_500);
}

interface ErrorGuidance {
  /** Hints of the way at hand, which know more than those for everybody. */
  readonly hints?: Readonly<Record<number | string, string>>;
  /** More lines of what happened. */
  readonly details?: string;
  readonly hint?: string;
}

/** The refusal as the error that ends the step. */
export function toActionError(oauthError: OAuthError, guidance: ErrorGuidance = {}): ActionError {
  const trace = oauthError.traceId === undefined ? "" : ` (trace ID ${oauthError.traceId})`;
  const description = oauthError.description === "" ? oauthError.error : oauthError.description;
  const message =
    description.startsWith("AADSTS") || description === oauthError.error
      ? description
      : `${oauthError.error}: ${description}`;
  const details = guidance.details === undefined ? "" : `\n${guidance.details}`;
  return new ActionError(
    "unauthorized",
    `${oauthError.issuerName} refused the sign-in: ${message}${trace}${details}`,
    {
      hint: guidance.hint ?? hintFor(oauthError, guidance.hints ?? {}),
    },
  );
}

function hintFor({ codes, error }: OAuthError, hints: Readonly<Record<number | string, string>>): string {
  for (const code of codes) {
    const hint = hints[code] ?? hintForCode(code);
    if (hint !== undefined) return hint;
  }
  return hints[error] ?? "Check the sign-in inputs of this step against docs/sign-in.md.";
}

function issuerNameFor(url: string): string {
  const { host } = new URL(url);
  const isEntra =
    /(?:^|\.)(?:microsoftonline\.(?:com|us)|chinacloudapi\.cn|windows\.net|microsoft\.com)$/.test(host);
  return isEntra ? "Microsoft Entra ID" : `The token endpoint ${host}`;
}

function nonEmptyString(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
