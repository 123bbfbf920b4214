interface Page<T> {
  readonly items: readonly T[];
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One page of a list, and the links to the others, which Octokit's `paginate` follows.
 * https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
 */
export function pageOf<T>(items: readonly T[], url: URL): Page<T> {
  const size = Math.min(positive(url.searchParams.get("per_page")) ?? 30, 100);
  const page = positive(url.searchParams.get("page")) ?? 1;
  const last = Math.max(1, Math.ceil(items.length / size));
  const links = [
    ...(page > 1 ? [linkTo(page - 1, "prev", url)] : []),
    ...(page < last ? [linkTo(page + 1, "next", url), linkTo(last, "last", url)] : []),
    ...(page > 1 ? [linkTo(1, "first", url)] : []),
  ];
  return {
    items: items.slice((page - 1) * size, page * size),
    headers: links.length === 0 ? {} : { link: links.join(", ") },
  };
}

function positive(text: string | null): number | undefined {
  const number = Number(text);
  return Number.isInteger(number) && number > 0 ? number : undefined;
}

function linkTo(page: number, relation: string, url: URL): string {
  const target = new URL(url);
  target.searchParams.set("page", String(page));
  return `<${target.href}>; rel="${relation}"`;
}
