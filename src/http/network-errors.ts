import { ActionError, TransientError } from "../errors.ts";

interface ConnectionContext {
  /** Whether the request may have arrived. */
  readonly connected: boolean;
  /** Host and port of the proxy. */
  readonly proxy?: string | undefined;
}

/** Node's codes for a certificate that is not trusted. A retry cannot help. */
const untrustedCertificateCodes =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(GET|VERIFY|DECRYPT)|ERR_TLS_CERT_|HOSTNAME_MISMATCH|INVALID_CA)/;

const certificateAuthorityHint =
  "Set NODE_EXTRA_CA_CERTS, in the runner's or the job's environment, to a file with the authority's certificate.";

const certificateErrors: Readonly<Record<string, readonly [string, string]>> = {
  CERT_HAS_EXPIRED: [
    "The server's certificate had expired",
    "Renew the server's certificate, or check this machine's clock.",
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    "The server's certificate was made for another host name",
    "Use the host name in the certificate, and check whether another server answers at this one.",
  ],
};

const messagesByCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was lost",
  EPIPE: "the connection was lost",
  ENOTFOUND: "the host name was not found",
  EAI_AGAIN: "the host name could not be resolved",
  ETIMEDOUT: "the connection timed out",
  EHOSTUNREACH: "there was no route to the host",
  ENETUNREACH: "there was no route to the network",
};

/** Converts a network error: transient, unless a certificate or proxy fails permanently. */
export function networkError(error: unknown, { connected, proxy }: ConnectionContext): Error {
  if (error instanceof TransientError || error instanceof ActionError) return error;
  const { code = "", message = String(error) } = error as { code?: string; message?: string };
  const tunnelError = /^tunneling socket could not be established, (?:statusCode=(\d+)|cause=(.*))$/s.exec(
    message,
  );
  if (tunnelError) return proxyError(error, proxy ?? "", tunnelError);
  if (untrustedCertificateCodes.test(code)) {
    const [summary, hint] = certificateErrors[code] ?? [
      "The server's certificate was not trusted",
      certificateAuthorityHint,
    ];
    return new ActionError("unreachable", `${summary} (${code}).`, { hint, cause: error });
  }
  if (isTlsProtocolError(code, message)) {
    return new TransientError("the server did not use TLS, or no common version of it", {
      hint: "Check the URL and its port: it may be a port for http, or a proxy or gateway may respond.",
      cause: error,
      unsent: !connected,
    });
  }
  const text = messagesByCode[code] ?? (message === "" ? "the connection failed" : message);
  const textWithCode = code === "" || text.includes(code) ? text : `${text} (${code})`;
  return new TransientError(textWithCode, { cause: error, unsent: !connected });
}

/** OpenSSL's messages contain source files and lines. */
function isTlsProtocolError(code: string, message: string): boolean {
  return (
    /^ERR_SSL_(WRONG_VERSION|PACKET_LENGTH|UNSUPPORTED_PROTOCOL|HTTP)/.test(code) ||
    /:SSL routines:/.test(message)
  );
}

/** The package reports a proxy's refusal only in its message, with the code of a lost connection. Nothing was sent. */
function proxyError(cause: unknown, proxy: string, [, status, detail = ""]: RegExpExecArray): Error {
  if (status === "407") {
    return new ActionError("unreachable", `The proxy ${proxy} required a user name and password (407).`, {
      hint: "Add them to https_proxy, as in http://user:password@proxy:8080.",
      cause,
    });
  }
  if (status !== undefined && /^4(?!08|29)/.test(status)) {
    return new ActionError("unreachable", `The proxy ${proxy} refused to connect to this host (${status}).`, {
      hint: "Ask the proxy's administrator to allow this runner, or list the host in no_proxy if it can be reached directly.",
      cause,
    });
  }
  const [, code = ""] = /\b(E[A-Z_]{4,})\b/.exec(detail) ?? [];
  const detailText = messagesByCode[code] === undefined ? detail : `${messagesByCode[code]} (${code})`;
  const message =
    status === undefined
      ? `the proxy ${proxy} could not be used: ${detailText}`
      : `the proxy ${proxy} answered ${status}`;
  const hint = "Check the URL in https_proxy, and that the proxy is running.";
  return new TransientError(message, { cause, unsent: true, hint });
}
