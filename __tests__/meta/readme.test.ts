import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { withTables } from "../../scripts/readme/tables.ts";
import { fields } from "../../src/inputs/fields.ts";
import { filesOf, root, textOf } from "./repository.ts";

const readme = textOf("README.md");
const unfolded = readme.replaceAll(/<details>[\s\S]*?<\/details>/g, "");

describe("README.md", () => {
  it("has the tables that npm run readme generates from action.yml", () => {
    expect(withTables(readme, textOf("action.yml"))).toBe(readme);
  });

  it("fits on eight screens of 896 × 900 pixels: at most 1,800 words and 210 lines outside <details>", () => {
    const blocks = unfolded.replaceAll(/<!--.*?-->/g, "").split(/\n+/);
    expect(unfolded.match(/\S+/g)?.length).toBeLessThanOrEqual(1_800);
    expect(blocks.length).toBeLessThanOrEqual(210);
  });

  it.each(["docs/summary.png", "docs/summary-dark.png"])("shows %s at most 750 pixels high", (file) => {
    const [, width = ""] = /<img src="docs\/summary\.png" width="(\d+)"/.exec(readme) ?? [];
    // The width and the height are the first fields of a PNG file.
    const header = readFileSync(join(root, file)).subarray(16, 24);
    expect((Number(width) * header.readUInt32BE(4)) / header.readUInt32BE(0)).toBeLessThanOrEqual(750);
  });

  it("says in its first sentence what the action does, in the words of action.yml", () => {
    const { description } = parse(textOf("action.yml")) as { description: string };
    expect(description).toMatch(/^Trigger an Azure DevOps pipeline/);
    expect(readme.split("\n")[2]).toMatch(/^\*\*Trigger an Azure DevOps pipeline .*, wait for it.*\*\*$/);
  });

  it("has a quick start without placeholders other than OWNER, and without a secret", () => {
    const [quickStart = ""] = /```yaml\n[\s\S]*?```/.exec(readme) ?? [];
    const { on, jobs } = parse(quickStart.replaceAll("```yaml", "").replaceAll("```", "")) as {
      on: Record<string, unknown>;
      jobs: unknown;
    };
    expect(on).toEqual({ push: { branches: ["main"] }, workflow_dispatch: null });
    expect(jobs).toBeDefined();
    expect(quickStart).toContain("uses: OWNER/run-azure-pipeline@v1\n");
    expect(
      quickStart.match(/[A-Z]{5,}/g)?.filter((word) => !/^(OWNER|AZURE|TENANT|CLIENT)$/.test(word)),
    ).toEqual([]);
    expect(quickStart).not.toContain("secrets.");
  });

  it("lists every input in one row of the folded tables, with escaped bars", () => {
    const [, inputs = ""] = /<!-- inputs: [^>]*>([\s\S]*)<!-- \/inputs -->/.exec(readme) ?? [];
    const rows = inputs.split("\n").filter((line) => line.startsWith("| [`"));
    for (const { name } of Object.values(fields)) {
      const own = rows.filter(
        (row) =>
          row.startsWith(`| [\`${name}\`](docs/inputs.md#${name}) |`) && row.split(/(?<!\\)\|/).length === 5,
      );
      expect(own, name).toHaveLength(1);
    }
  });

  it("links to every page of docs", () => {
    const linked = new Set([...readme.matchAll(/\]\((docs\/[\w-]+\.md)/g)].map(([, page]) => page));
    const internal = ["docs/README.md", "docs/benchmarks.md", "docs/mutation.md", "docs/sample-summary.md"];
    expect(
      filesOf("docs/*.md").filter((page) => !page.startsWith("docs/decisions/") && !linked.has(page)),
    ).toEqual(internal);
  });

  it("cannot be updated without the markers of its tables", () => {
    expect(() => withTables("# Nothing", textOf("action.yml"))).toThrow("is missing");
  });
});

describe("docs/inputs.md", () => {
  it("has a section for each input, in the order of action.yml", () => {
    const headings = [...textOf("docs/inputs.md").matchAll(/^### `(.+)`$/gm)].map(([, name]) => name);
    expect(headings).toEqual(Object.values(fields).map(({ name }) => name));
  });
});

describe("docs/requests.md", () => {
  const page = textOf("docs/requests.md");
  const listed = [...page.matchAll(/(_apis\/[^`?]+)[`?]/g)].map(([, path = ""]) =>
    path.replaceAll(/\b[A-Z]+\b/g, "*"),
  );
  const requests = filesOf("src/azure-devops/*.ts").flatMap((file) =>
    [...textOf(file).matchAll(/^(?!\s*(?:\*|\/[/*])).*?["`](_apis\/[^"`]+)["`]/gm)].map(([, path = ""]) =>
      path.replaceAll(/\$\{[^}]*\}/g, "*"),
    ),
  );

  it("and the code yield requests to compare", () => {
    expect(listed).toContain("_apis/pipelines/*/runs");
    expect(requests).toContain("_apis/pipelines/*/runs");
  });

  it.each([...new Set(requests)])("has a row for %s", (path) => {
    const rows = listed.filter(
      (row) => row === path || (row.endsWith("…") && path.startsWith(row.slice(0, -1))),
    );
    expect(rows).not.toEqual([]);
  });
});
