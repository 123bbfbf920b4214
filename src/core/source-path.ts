/**
 * The path in the sources of what a tool printed: an agent prints where they are on its own machine, and what stands
 * behind its folder of sources is ours. `undefined` for what lies elsewhere, and for what cannot be a path.
 */
export function sourcePath(path: string): string | undefined {
  const slashed = path.replaceAll("\\", "/");
  const inside = /^(?:[a-z]:)?\/(?:.*\/)?(?:_work|work|a)\/\d+\/s\/(.+)$/is.exec(slashed)?.[1] ?? slashed;
  const relative = inside.replace(/^(?:\.\/+)+/, "");
  const isElsewhere = relative.startsWith("/") || /(^|\/)\.\.(\/|$)|:|\p{Cc}/u.test(relative);
  return isElsewhere || relative.trim() === "" ? undefined : relative;
}
