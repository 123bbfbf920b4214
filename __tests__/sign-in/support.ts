import type { AuthDeps } from "../../src/auth/access-token.ts";
import {
  type CredentialConfig,
  parseCredentialConfig,
  type SignInInputs,
} from "../../src/core/credentials.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import { TransientError } from "../../src/errors.ts";
import type { HttpRequest, HttpResponse, Transport } from "../../src/ports.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";

export const never = new AbortController().signal;

interface Scripted extends Transport {
  readonly requests: HttpRequest[];
}

export type Reply = HttpResponse | Error | ((request: HttpRequest) => HttpResponse | Promise<HttpResponse>);

/** A transport that gives these answers in turn; the last one repeats. */
export function scripted(...replies: readonly Reply[]): Scripted {
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
      throw new Error("signing in streams nothing");
    },
  };
}

export function json(
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

export function granting(token: string, more: Readonly<Record<string, unknown>> = {}): HttpResponse {
  return json(200, {
    token_type: "Bearer",
    expires_in: 3599,
    ext_expires_in: 3599,
    access_token: token,
    ...more,
  });
}

/** Entra ID's way of saying no, as recorded. */
export function aadsts(code: number, error: string, sentence: string): HttpResponse {
  const trace = "01707a0c-640b-4049-8cbb-ee2304dc0700";
  return json(code === 70016 || error !== "invalid_client" ? 400 : 401, {
    error,
    error_description: `AADSTS${code}: ${sentence}\r\nTrace ID: ${trace}\r\nCorrelation ID: 78b0fdfc-dd0e-4dfb-b13a-d316333783f6\r\nTimestamp: 2026-06-02 22:54:14Z`,
    error_codes: [code],
    timestamp: "2026-06-02 22:54:14Z",
    trace_id: trace,
    correlation_id: "78b0fdfc-dd0e-4dfb-b13a-d316333783f6",
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  });
}

export const lost = new TransientError("the connection was lost (ECONNRESET)");

interface World extends AuthDeps {
  readonly transport: Scripted;
  readonly clock: FakeClock;
  readonly masked: string[];
  readonly lines: LogEntry[];
  readonly summaries: string[];
  readonly audiences: string[];
}

interface Setting {
  readonly env?: Readonly<Record<string, string>>;
  readonly now?: number;
  readonly random?: number;
  /** What GitHub's tokens say, one after the other. */
  readonly identity?: () => string;
}

/** The world of a sign-in, remembering all that is done to it. */
export function world(transport: Scripted, setting: Setting = {}): World {
  const [masked, lines, summaries, audiences]: [string[], LogEntry[], string[], string[]] = [[], [], [], []];
  return {
    transport,
    clock: fakeClock(setting.now ?? 0),
    env: setting.env ?? {},
    random: () => setting.random ?? 1,
    masked,
    lines,
    summaries,
    audiences,
    runner: {
      mask: (secret) => void masked.push(secret),
      write: (written) => void lines.push(...written),
      addSummary: async (markdownWithin) => void summaries.push(markdownWithin(1_000_000)),
      getIdToken: async (audience) => {
        audiences.push(audience);
        return setting.identity?.() ?? jwt({ sub: "repo:o/r:ref:refs/heads/main" });
      },
    },
  };
}

export function jwt(claims: object, header: object = { alg: "RS256", typ: "JWT" }): string {
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString("base64url");
  return `${encode(header)}.${encode(claims)}.c2lnbmF0dXJl`;
}

export function wayOf(inputs: SignInInputs): CredentialConfig {
  const choice = parseCredentialConfig(inputs);
  if ("config" in choice) return choice.config;
  throw new Error(choice.problems.join("\n"));
}

export function problemsOf(inputs: SignInInputs): readonly string[] {
  const choice = parseCredentialConfig(inputs);
  return "problems" in choice ? choice.problems : [];
}

export const ids = {
  tenantId: "9f1c2b1e-0000-4000-8000-000000000001",
  clientId: "1b2c3d4e-0000-4000-8000-000000000002",
};

export function formOf(request: HttpRequest | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(new URLSearchParams(request?.body ?? ""));
}
