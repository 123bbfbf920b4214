import { ActionError } from "../errors.ts";

/** A token endpoint's permanent refusal. */
export interface OAuthError {
  readonly issuerName: string;
  readonly error: string;
  readonly description: string;
  /** AADSTS numbers; empty if the endpoint is not Entra ID. */
  readonly codes: readonly number[];
  readonly traceId: string | undefined;
}

/** Reads an OAuth error body, without the trace that Entra ID appends to the description. */
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

/** The numbers of the AADSTS errors in a text. */
export function aadstsCodes(text: string): readonly number[] {
  return [...text.matchAll(/AADSTS(\d+)/g)].map(([, digits]) => Number(digits));
}

/** Microsoft's message without its Trace ID, Correlation ID and Timestamp. */
export function withoutTraceDetails(description: string): string {
  const sentence = description.split(/Trace ID:/i)[0] ?? "";
  return sentence.replaceAll(/\s+/g, " ").trim().slice(0, 1_500);
}

interface ErrorGuidance {
  /** Hints of this credential, by AADSTS number or OAuth error; they take precedence. */
  readonly hints?: Readonly<Record<number | string, string>>;
  /** Further lines of the message. */
  readonly details?: string;
  readonly hint?: string;
}

/** Converts the refusal to the error that ends the step. */
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
  const [code] = codes;
  // The OAuth error alone is too general: Entra ID returns `invalid_client` for much more than a wrong secret.
  return code === undefined
    ? (hints[error] ?? "Compare the sign-in inputs of this step with docs/sign-in.md.")
    : `Look up the code at https://login.microsoftonline.com/error?code=${code}, and compare the sign-in inputs of this step with docs/sign-in.md.`;
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

// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
const entraHints: readonly (readonly [readonly number[], string])[] = [
  [
    [7000215],
    "Store the secret's *value* in `client-secret`, not its id, and check that it belongs to this `client-id`.",
  ],
  [
    [7000222],
    "Create a new secret for the application and store it, or use `github-oidc`, which has no secret that expires.",
  ],
  [
    [70021, 70025, 700211, 700212, 700213, 7002138],
    "Add a federated credential to the application whose issuer, subject and audience are exactly those of the token; a new one takes a minute or two to take effect.",
  ],
  [
    [7002381],
    "Run the job again: GitHub's token had no `enterprise` claim, which the tenant requires; this happens occasionally.",
  ],
  [
    [7000229],
    "Create the application's service principal in this tenant (`az ad sp create --id CLIENT-ID`), or correct `tenant-id`.",
  ],
  [[700222], "Use another credential: Entra ID does not exchange tokens that it issued itself."],
  [
    [900384],
    "Check that the key which signed the assertion is published by its issuer, or belongs to the uploaded certificate: Entra ID could not verify the signature.",
  ],
  [[900382], "Set `token-url` to the cloud in which the application is registered."],
  [
    [90072],
    "Add the user to this tenant as a guest, or correct `tenant-id`: the account belongs to another tenant.",
  ],
  [
    [530035],
    "Sign in as an application (`github-oidc`), or ask an administrator: the tenant's security defaults block this sign-in.",
  ],
  [
    [50158],
    "Sign in once more with `npm run authorize` and complete the challenge of the external provider, or sign in as an application (`github-oidc`).",
  ],
  [[700024], "Check this machine's clock: the assertion was too old, or not yet valid, when it arrived."],
  [
    [700027, 700030, 5000224],
    "Upload this certificate to the application, under *Certificates & secrets*, and check `client-id`.",
  ],
  [
    [700016],
    "Check `client-id` and `tenant-id`: the application does not exist in this tenant, or the tenant has not consented to it.",
  ],
  [[7000112, 7000114], "Ask the tenant's administrator to enable the application again."],
  [
    [90002, 900023, 90013],
    "Check `tenant-id`: it must be the GUID or a domain of the tenant that Azure DevOps is connected to.",
  ],
  [[70011, 1002012], "Leave `scope` blank, or end it in `/.default`."],
  [[500011, 650052], "Check `tenant-id`: that tenant has no Azure DevOps, so it cannot issue tokens for it."],
  [
    [700081, 700082, 700084, 70008, 70043],
    "Sign in once more with `npm run authorize` and store the new refresh token.",
  ],
  [
    [50173, 50132, 50133, 700003],
    "Sign in once more with `npm run authorize`: the password was changed, or the sessions were revoked.",
  ],
  [[70000, 9002313], "Check that the refresh token is complete, and was issued to this `client-id`."],
  [
    [7000218],
    "Set *Allow public client flows* to *Yes* on the application's *Authentication* page, or set `client-secret`.",
  ],
  [
    [700025],
    "Remove `client-secret` if it is set, or check `client-id`: the application is a public client, which has no secret, certificate or federated credential.",
  ],
  [[70019, 70020], "Run the workflow again, and enter the code before it expires."],
  [[50105], "Ask an administrator to assign the user or the application to this enterprise application."],
  [
    [65001, 650056, 650057, 65004],
    "Ask an administrator to consent to the application's permission *Azure DevOps: user_impersonation*.",
  ],
  [
    [50076, 50079, 50072, 50074, 50078],
    "Sign in once more with `npm run authorize`, and complete the second factor that the tenant requires.",
  ],
  [
    [53003, 53000, 53001, 53002, 53004, 530003, 530032, 530034],
    "Ask an administrator to let this sign-in through conditional access, or use a runner that its policies allow.",
  ],
  [[50020, 50034, 50057], "Sign in as a user who is a member of this tenant, and whose account is enabled."],
  [[90033, 90055], "Run the workflow again later: Entra ID had an internal error."],
];

const hintsByCode = new Map(
  entraHints.flatMap(([codes, hint]) => codes.map((code) => [code, hint] as const)),
);

/** What the workflow's author can do about an AADSTS code. */
export function hintForCode(code: number): string | undefined {
  return hintsByCode.get(code);
}
