import { ActionError } from "../errors.ts";
import { hintForCode } from "./entra-hints.ts";

/** A token endpoint's definite no, in its own words. */
export interface Refusal {
  readonly by: string;
  readonly error: string;
  readonly words: string;
  /** AADSTS numbers; empty where it is not Entra ID that speaks. */
  readonly codes: readonly number[];
  readonly traceId: string | undefined;
}

/** Reads an OAuth error body. Entra ID packs its trace into the sentence: it is taken out. */
export function refusalOf(url: string, body: Readonly<Record<string, unknown>>): Refusal {
  const description = textOf(body["error_description"]) ?? "";
  const codes = Array.isArray(body["error_codes"])
    ? body["error_codes"].filter((code) => typeof code === "number")
    : [];
  return {
    by: serviceAt(url),
    error: textOf(body["error"]) ?? "error",
    words: sentenceOf(description),
    codes: codes.length > 0 ? codes : codesIn(description),
    traceId: textOf(body["trace_id"]) ?? /Trace ID:\s*([\w-]{36})/i.exec(description)?.[1],
  };
}

/** The numbers of the AADSTS errors that a text quotes. */
export function codesIn(text: string): readonly number[] {
  return [...text.matchAll(/AADSTS(\d+)/g)].map(([, digits]) => Number(digits));
}

/** Microsoft's sentence without its Trace ID, Correlation ID and Timestamp. */
export function sentenceOf(description: string): string {
  const sentence = description.split(/\s*Trace ID:/i)[0] ?? "";
  return sentence.replaceAll(/\s+/g, " ").trim().slice(0, 1_500);
}

interface Teaching {
  /** Hints of the way at hand, which know more than those for everybody. */
  readonly hints?: Readonly<Record<number | string, string>>;
  /** More lines of what happened. */
  readonly details?: string;
  readonly hint?: string;
}

/** The refusal as the error that ends the step. */
export function refusedError(refusal: Refusal, teaching: Teaching = {}): ActionError {
  const trace = refusal.traceId === undefined ? "" : ` (trace ID ${refusal.traceId})`;
  const words = refusal.words === "" ? refusal.error : refusal.words;
  const said = words.startsWith("AADSTS") || words === refusal.error ? words : `${refusal.error}: ${words}`;
  const details = teaching.details === undefined ? "" : `\n${teaching.details}`;
  return new ActionError("unauthorized", `${refusal.by} refused the sign-in: ${said}${trace}${details}`, {
    hint: teaching.hint ?? hintFor(refusal, teaching.hints ?? {}),
  });
}

function hintFor({ codes, error }: Refusal, hints: Readonly<Record<number | string, string>>): string {
  for (const code of codes) {
    const hint = hints[code] ?? hintForCode(code);
    if (hint !== undefined) return hint;
  }
  return hints[error] ?? "Check the sign-in inputs of this step against docs/sign-in.md.";
}

function serviceAt(url: string): string {
  const { host } = new URL(url);
  const isEntra =
    /(?:^|\.)(?:microsoftonline\.(?:com|us)|chinacloudapi\.cn|windows\.net|microsoft\.com)$/.test(host);
  return isEntra ? "Microsoft Entra ID" : `The token endpoint ${host}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
