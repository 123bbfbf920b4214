// What the bundle has in place of undici (`paths` in tsconfig.json): docs/decisions/0002-undici-stays-out.md.

/** Node's own. Calls to GitHub do not use it: Octokit is given the action's transport. */
export const fetch = globalThis.fetch;

/** @actions/github creates one while it loads behind a proxy, and nothing uses it: the transport has its own proxy agents. */
export class ProxyAgent {}
