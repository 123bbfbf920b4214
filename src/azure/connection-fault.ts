import { ActionError, PassingError } from "../errors.ts";

/** Codes of Node for a certificate that is not trusted. Asking again cannot help. */
const untrusted =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY|DECRYPT)|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was lost",
  EPIPE: "the connection was lost",
  ENOTFOUND: "the host name was not found",
  EAI_AGAIN: "the host name could not be looked up",
  ETIMEDOUT: "the connection timed out",
  EHOSTUNREACH: "there was no route to the host",
  ENETUNREACH: "there was no route to the network",
};

/** What a failure below HTTP means: passing, unless a certificate or a proxy refuses for good. */
export function connectionFault(error: unknown, { connected }: { connected: boolean }): Error {
  if (error instanceof PassingError || error instanceof ActionError) return error;
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  if (untrusted.test(code)) {
    return new ActionError("unreachable", `The server's certificate was not trusted (${code}).`, {
      hint: "Set NODE_EXTRA_CA_CERTS, in the runner's or the job's environment, to a file with the authority's certificate.",
      cause: error,
    });
  }
  if (/statusCode=407/.test(message)) {
    return new ActionError("unreachable", "The proxy wanted a user name and password (407).", {
      hint: "Put them into https_proxy, as in http://user:password@proxy:8080.",
      cause: error,
    });
  }
  const sentence = sentences[code] ?? (message === "" ? "the connection failed" : message);
  const shown = code === "" || sentence.includes(code) ? sentence : `${sentence} (${code})`;
  return new PassingError(shown, { cause: error, unsent: !connected });
}
