import type { AuthDeps } from "../../src/auth/access-token.ts";
import {
  type CredentialConfig,
  parseCredentialConfig,
  type SignInInputs,
} from "../../src/core/credentials.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import { TransientError } from "../../src/errors.ts";
import { createRedactor } from "../../src/github/sanitize-log.ts";
import type { HttpRequest, HttpResponse, Transport } from "../../src/ports.ts";
import { createFakeClock, type FakeClock } from "../support/fake-clock.ts";

export const neverAborted = new AbortController().signal;

interface ScriptedTransport extends Transport {
  readonly requests: HttpRequest[];
}

export type ScriptedReply =
  | HttpResponse
  | Error
  | ((request: HttpRequest) => HttpResponse | Promise<HttpResponse>);

/** A transport that returns these responses in order and repeats the last one. */
export function scriptedTransport(...replies: readonly ScriptedReply[]): ScriptedTransport {
  const requests: HttpRequest[] = [];
  return {
    requests,
    send: async (request) => {
      request.signal.throwIfAborted();
      const reply = replies[Math.min(requests.length, replies.length - 1)];
      requests.push(request);
      if (reply instanceof Error) throw reply;
      if (typeof reply === "function") return reply(request);
      if (!reply) throw new Error("nothing was scripted");
      return reply;
    },
    stream: async () => {
      throw new Error("a sign-in does not stream");
    },
  };
}

export function jsonResponse(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
    body: JSON.stringify(body),
  };
}

export function tokenResponse(
  token: string,
  overrides: Readonly<Record<string, unknown>> = {},
): HttpResponse {
  return jsonResponse(200, {
    token_type: "Bearer",
    expires_in: 3599,
    ext_expires_in: 3599,
    access_token: token,
    ...overrides,
  });
}

/** An error response of Entra ID, as recorded. */
export function entraError(code: number, error: string, description: string): HttpResponse {
  const trace = "01707a0c-640b-4049-8cbb-ee2304dc0700";
  return jsonResponse(code === 70016 || error !== "invalid_client" ? 400 : 401, {
    error,
    error_description: `AADSTS${code}: ${description}\r\nTrace ID: ${trace}\r\nCorrelation ID: 78b0fdfc-dd0e-4dfb-b13a-d316333783f6\r\nTimestamp: 2026-06-02 22:54:14Z`,
    error_codes: [code],
    timestamp: "2026-06-02 22:54:14Z",
    trace_id: trace,
    correlation_id: "78b0fdfc-dd0e-4dfb-b13a-d316333783f6",
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}

export const connectionLost = new TransientError("the connection was lost (ECONNRESET)");

interface AuthHarness extends AuthDeps {
  readonly transport: ScriptedTransport;
  readonly clock: FakeClock;
  readonly masked: string[];
  readonly lines: LogEntry[];
  readonly summaries: string[];
  readonly audiences: string[];
}

interface HarnessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: number;
  readonly random?: number;
  /** Returns GitHub's next ID token. */
  readonly nextIdToken?: () => string;
}

/** The dependencies of a sign-in, which record every call. */
export function createAuthHarness(transport: ScriptedTransport, options: HarnessOptions = {}): AuthHarness {
  const [masked, lines, summaries, audiences]: [string[], LogEntry[], string[], string[]] = [[], [], [], []];
  const redactor = createRedactor();
  return {
    transport,
    clock: createFakeClock(options.now ?? 0),
    env: options.env ?? {},
    random: () => options.random ?? 1,
    masked,
    lines,
    summaries,
    audiences,
    runner: {
      mask: (secret) => {
        masked.push(secret);
        redactor.add(secret);
      },
      redact: redactor.redact,
      write: (written) => void lines.push(...written),
      addSummary: (markdownWithin) => void summaries.push(markdownWithin(1_000_000)),
      getIdToken: async (audience) => {
        audiences.push(audience);
        return options.nextIdToken?.() ?? jwt({ sub: "repo:o/r:ref:refs/heads/main" });
      },
    },
  };
}

export function jwt(claims: object, header: object = { alg: "RS256", typ: "JWT" }): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  return `${encode(header)}.${encode(claims)}.c2lnbmF0dXJl`;
}

export function credentialConfigOf(inputs: SignInInputs): CredentialConfig {
  const parsed = parseCredentialConfig(inputs);
  if ("config" in parsed) return parsed.config;
  throw new Error(parsed.problems.join("\n"));
}

export function configProblems(inputs: SignInInputs): readonly string[] {
  const parsed = parseCredentialConfig(inputs);
  return "problems" in parsed ? parsed.problems : [];
}

export const ids = {
  tenantId: "9f1c2b1e-0000-4000-8000-000000000001",
  clientId: "1b2c3d4e-0000-4000-8000-000000000002",
};

export function formParameters(request: HttpRequest | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(request?.body ?? ""));
}
