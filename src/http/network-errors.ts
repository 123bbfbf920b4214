import { ActionError, TransientError } from "../errors.ts";

interface ConnectionContext {
  /** The request can have arrived. */
  readonly connected: boolean;
  /** Host and port of the proxy on the way. */
  readonly proxy?: string | undefined;
}

/** Codes of Node for a certificate that is not trusted. Asking again cannot help. */
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
    "Write the address with the name that the certificate bears, and check what else may answer at this one.",
  ],
};

const messagesByCode: Readonly<Record<string, string>> = {
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
    return new TransientError("what answered did not speak TLS, or none that is spoken here", {
      hint: "Check the address and its port: it may be one for http, or something in between may answer.",
      cause: error,
      unsent: !connected,
    });
  }
  const text = messagesByCode[code] ?? (message === "" ? "the connection failed" : message);
  const textWithCode = code === "" || text.includes(code) ? text : `${text} (${code})`;
  return new TransientError(textWithCode, { cause: error, unsent: !connected });
}

/** OpenSSL's own words name source files and lines. */
function isTlsProtocolError(code: string, message: string): boolean {
  return (
    /^ERR_SSL_(WRONG_VERSION|PACKET_LENGTH|UNSUPPORTED_PROTOCOL|HTTP)/.test(code) ||
    /:SSL routines:/.test(message)
  );
}

/** The package tells a proxy's refusal by its words alone, and calls each a lost connection. Nothing was sent. */
function proxyError(cause: unknown, proxy: string, [, status, detail = ""]: RegExpExecArray): Error {
  if (status === "407") {
    return new ActionError("unreachable", `The proxy ${proxy} wanted a user name and password (407).`, {
      hint: "Put them into https_proxy, as in http://user:password@proxy:8080.",
      cause,
    });
  }
  if (status !== undefined && /^4(?!08|29)/.test(status)) {
    return new ActionError("unreachable", `The proxy ${proxy} refused the way to this host (${status}).`, {
      hint: "Ask whoever runs the proxy to let this runner through, or list the host in no_proxy if it can be reached without.",
      cause,
    });
  }
  const [, code = ""] = /\b(E[A-Z_]{4,})\b/.exec(detail) ?? [];
  const detailText = messagesByCode[code] === undefined ? detail : `${messagesByCode[code]} (${code})`;
  const message =
    status === undefined
      ? `the proxy ${proxy} could not be used: ${detailText}`
      : `the proxy ${proxy} answered ${status}`;
  const hint = "Check the address in https_proxy, and that the proxy is up.";
  return new TransientError(message, { cause, unsent: true, hint });
}
