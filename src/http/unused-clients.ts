// What packages get in the bundle in place of undici and @actions/http-client, which they import, but the action does not need from
// them (`paths` in tsconfig.json): docs/decisions/0002-undici-stays-out.md.

/** Node's own. Calls to GitHub do not use it, since Octokit gets the action's transport. */
export const fetch = globalThis.fetch;

/** @actions/http-client would create one for `fetch`. */
export class ProxyAgent {}

/** @actions/github asks it for agents, which Octokit would not use; @actions/core would send requests for an OIDC token. */
export class HttpClient {
  getAgent(): undefined {
    return undefined;
  }

  getAgentDispatcher(): undefined {
    return undefined;
  }
}

/** @actions/core would sign these requests with it. */
export class BearerCredentialHandler {}
