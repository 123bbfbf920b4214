import { existsSync } from "node:fs";
import { dirname, posix, resolve } from "node:path";
import { expect, test } from "vitest";
import { filesOf, root, textOf } from "./repository.ts";

const outside = /^([a-z]+:|\/\/)/i;

/** The targets of links and images outside code. */
function linksIn(markdown: string): string[] {
  const prose = markdown.replaceAll(/^(```+|~~~+)[\s\S]*?^\1\s*$/gm, "").replaceAll(/`[^`\n]*`(?!\])/g, "");
  const inline = [...prose.matchAll(/\]\(<?([^()\s<>]+)>?(?:\s+"[^"]*")?\)/g)];
  const defined = [...prose.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)];
  return [...inline, ...defined].map(([, target = ""]) => target).filter((target) => !outside.test(target));
}

/** The anchors that GitHub creates for headings. */
function anchorsIn(markdown: string): Set<string> {
  const prose = markdown.replaceAll(/^(```+|~~~+)[\s\S]*?^\1\s*$/gm, "");
  const seen = new Map<string, number>();
  const anchors = [...prose.matchAll(/^#{1,6}\s+(.+?)\s*$/gm)].map(([, heading = ""]) => {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(/\s/g, "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  return new Set(anchors);
}

function isBroken(page: string, link: string): boolean {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : posix.join(dirname(page), decodeURI(path));
  if (!existsSync(resolve(root, target))) return true;
  return anchor !== undefined && target.endsWith(".md") && !anchorsIn(textOf(target)).has(anchor);
}

test.each(filesOf("*.md"))("the relative links in %s have existing targets", (page) => {
  expect(linksIn(textOf(page)).filter((link) => isBroken(page, link))).toEqual([]);
});

test("the link check finds links, images and the anchors of headings, but no links in code", () => {
  const page =
    "# A `b`: *c's*\n## Twice\n## Twice\n[x](#a-b-cs) ![y](z.png) `[no](no.md)` [`code`](code.md#d)";
  expect([...anchorsIn(page)]).toEqual(["a-b-cs", "twice", "twice-1"]);
  expect(linksIn(page)).toEqual(["#a-b-cs", "z.png", "code.md#d"]);
});
