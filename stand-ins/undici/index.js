// The platform's own fetch. Calls to GitHub are handed the action's transport instead (src/github/octokit.ts).
export const fetch = globalThis.fetch;

/** Built by @actions/github while it loads behind a proxy, and never used: our transport sees to proxies. */
export class ProxyAgent {}
