import * as http from "node:http";
import * as https from "node:https";
import { type ConnectionOptions, connect } from "node:tls";
import { getProxyUrl, HttpClient } from "@actions/http-client";
import { checkBypass } from "@actions/http-client/lib/proxy";
import { ActionError } from "../errors.ts";
import type { HttpRequest } from "../ports.ts";

/** How a request gets to its host. */
export interface Route {
  readonly agent: http.Agent;
  /** Host and port of the proxy in between. */
  readonly proxy: string | undefined;
}

/** Connections that are kept where there is no proxy; behind one, a tunnel for each request. */
export function createRoutes() {
  const direct = {
    "http:": new http.Agent({ keepAlive: true }),
    "https:": new https.Agent({ keepAlive: true }),
  };
  return {
    /** `signal` ends a tunnel that is not open yet. Throws where the environment names a proxy that is none. */
    of(request: HttpRequest, signal: AbortSignal): Route {
      const url = new URL(request.url);
      const isTls = url.protocol === "https:";
      if (request.thumbprint !== undefined && isTls)
        return { agent: pinned(request.thumbprint), proxy: undefined };
      const proxy = request.direct ? undefined : proxyFor(url);
      if (proxy !== undefined) return { agent: tunnelTo(request.url, signal), proxy: proxy.host };
      return { agent: direct[isTls ? "https:" : "http:"], proxy };
    },
    close(): void {
      for (const agent of Object.values(direct)) agent.destroy();
    },
  };
}

/** The package's tunnel, fresh for each request: it keeps none open anyway, and one that is stuck is nobody else's. */
function tunnelTo(address: string, signal: AbortSignal): http.Agent {
  const agent = new HttpClient().getAgent(address) as http.Agent & { readonly proxyOptions: object };
  // The request for the tunnel is made with these. It has no time limit of its own, and would outlive whoever waits.
  Object.assign(agent.proxyOptions, { signal });
  return agent;
}

/** Connections to a server that shows this very certificate: it is looked at before anything is sent. */
function pinned(thumbprint: string): http.Agent {
  const wanted = thumbprint.replaceAll(/[^0-9a-f]/gi, "").toUpperCase();
  const createConnection: https.Agent["createConnection"] = (options, callback) => {
    const socket = connect({ ...(options as ConnectionOptions), rejectUnauthorized: false });
    socket.once("error", (error) => callback?.(error, socket));
    socket.once("secureConnect", () => {
      if (socket.getPeerCertificate().fingerprint?.replaceAll(":", "") === wanted) callback?.(null, socket);
      else socket.destroy(foreignCertificate());
    });
    return undefined;
  };
  return Object.assign(new https.Agent(), { createConnection });
}

function foreignCertificate(): ActionError {
  return new ActionError(
    "unreachable",
    "The server showed another certificate than the one that it is known by.",
    {
      hint: "Check what listens there, and IDENTITY_SERVER_THUMBPRINT in the runner's environment.",
    },
  );
}

function proxyFor(url: URL): URL | undefined {
  const name = url.protocol === "https:" ? "https_proxy" : "http_proxy";
  const given = process.env[name] || process.env[name.toUpperCase()];
  if (!given || checkBypass(url) || isStarred(url)) return undefined;
  const proxy = URL.parse(getProxyUrl(url.href));
  if (proxy && /^https?:$/.test(proxy.protocol) && proxy.hostname !== "") return proxy;
  // The package would go around it without a word. The value may hold a password: it is not shown.
  throw new ActionError("unreachable", `${name} did not hold the address of a proxy, so nothing was sent.`, {
    hint: `Write it as http://proxy:8080 in the runner's environment, with special characters of a password percent-encoded; or list ${url.hostname} in no_proxy.`,
  });
}

/** `*.example.com` in no_proxy means what `.example.com` does; the package knows only the latter. */
function isStarred({ hostname, host }: URL): boolean {
  const list = process.env["no_proxy"] || process.env["NO_PROXY"] || "";
  return list.split(",").some((entry) => {
    const [star, ending] = [entry.trim().slice(0, 2), entry.trim().slice(1).toLowerCase()];
    return star === "*." && (hostname.endsWith(ending) || host.endsWith(ending));
  });
}
