// Replaces undici in the bundle (`paths` in tsconfig.json): docs/decisions/0002-undici-stays-out.md.

/** Node's own. Calls to GitHub do not use it, since Octokit gets the action's transport. */
export const fetch = globalThis.fetch;

/** @actions/github creates one when it is loaded with a proxy, but it is unused: the transport has its own proxy agents. */
export class ProxyAgent {}
