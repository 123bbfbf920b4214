import * as http from "node:http";
import * as https from "node:https";
import { type ConnectionOptions, connect } from "node:tls";
import { checkBypass, getProxyUrl } from "@actions/http-client/lib/proxy";
import { ActionError } from "../errors.ts";
import type { HttpRequest } from "../ports.ts";

/** The route of a request to its host. */
export interface HttpRoute {
  readonly agent: http.Agent;
  /** Host and port of the proxy, if there is one. */
  readonly proxy: string | undefined;
}

/** Connections are kept alive without a proxy; with one, each request has its own tunnel. */
export function createAgents() {
  const directAgents = {
    "http:": new http.Agent({ keepAlive: true }),
    "https:": new https.Agent({ keepAlive: true }),
  };
  return {
    /** `signal` ends a tunnel that is not open yet. Throws if the environment has an invalid proxy URL. */
    async routeFor(request: HttpRequest, signal: AbortSignal): Promise<HttpRoute> {
      const url = new URL(request.url);
      const isTls = url.protocol === "https:";
      if (request.thumbprint !== undefined && isTls)
        return { agent: pinnedAgent(request.thumbprint), proxy: undefined };
      const proxy = request.direct ? undefined : proxyFor(url);
      if (proxy === undefined) return { agent: directAgents[isTls ? "https:" : "http:"], proxy };
      const { createTunnelAgent } = await import("./tunnel-agent.ts");
      return { agent: createTunnelAgent(request.url, signal), proxy: proxy.host };
    },
    close(): void {
      for (const agent of Object.values(directAgents)) agent.destroy();
    },
  };
}

/** Connections to a server with exactly this certificate, which is checked before anything is sent. */
function pinnedAgent(thumbprint: string): http.Agent {
  const expectedFingerprint = thumbprint.replaceAll(/[^0-9a-f]/gi, "").toUpperCase();
  const createConnection: https.Agent["createConnection"] = (options, callback) => {
    const socket = connect({ ...(options as ConnectionOptions), rejectUnauthorized: false });
    socket.once("error", (error) => callback?.(error, socket));
    socket.once("secureConnect", () => {
      if (socket.getPeerCertificate().fingerprint?.replaceAll(":", "") === expectedFingerprint)
        callback?.(null, socket);
      else socket.destroy(unexpectedCertificate());
    });
    return undefined;
  };
  return Object.assign(new https.Agent(), { createConnection });
}

function unexpectedCertificate(): ActionError {
  return new ActionError("unreachable", "The server's certificate was not the expected one.", {
    hint: "Check which server answers, and IDENTITY_SERVER_THUMBPRINT in the runner's environment.",
  });
}

function proxyFor(url: URL): URL | undefined {
  const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  const proxyValue = process.env[name] || process.env[name.toUpperCase()];
  if (!proxyValue || checkBypass(url) || matchesNoProxyWildcard(url)) return undefined;
  const proxy = URL.parse(getProxyUrl(url)?.href ?? "");
  if (proxy && /^https?:$/.test(proxy.protocol) && proxy.hostname !== "") return proxy;
  // The package would silently bypass it. The value is not shown, since it may contain a password.
  throw new ActionError("unreachable", `${name} did not contain the URL of a proxy, so nothing was sent.`, {
    hint: `Write it as http://proxy:8080 in the runner's environment, with special characters of a password percent-encoded; or list ${url.hostname} in no_proxy.`,
  });
}

/** `*.example.com` in no_proxy is equivalent to `.example.com`; the package supports only the latter. */
function matchesNoProxyWildcard({ hostname, host }: URL): boolean {
  const list = process.env["no_proxy"] || process.env["NO_PROXY"] || "";
  return list.split(",").some((entry) => {
    const [prefix, suffix] = [entry.trim().slice(0, 2), entry.trim().slice(1).toLowerCase()];
    return prefix === "*." && (hostname.endsWith(suffix) || host.endsWith(suffix));
  });
}
