import type { Agent } from "node:http";
// By its path, since the package's name stands for `unused-clients.ts` in the bundle.
import { HttpClient } from "../../node_modules/@actions/http-client/lib/index.js";

/**
 * A new tunnel for each request: the package keeps none open anyway, and a stuck tunnel does not affect other requests.
 * `signal` ends a tunnel that is not open yet.
 */
export function createTunnelAgent(url: string, signal: AbortSignal): Agent {
  const agent = new HttpClient().getAgent(url) as Agent & { readonly proxyOptions: object };
  // Options of the request for the tunnel. It has no time limit of its own, and would outlive its caller.
  Object.assign(agent.proxyOptions, { signal });
  return agent;
}
