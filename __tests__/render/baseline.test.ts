import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import type { Baseline } from "../../src/core/run-report.ts";
import { changesSection, slowerSection } from "../../src/render/baseline.ts";
import { phaseWithJob, recordsOf, runOf, stage } from "../core/builders.ts";

const lastSuccess = {
  name: "20261121.2",
  url: "https://dev.azure.com/contoso/web/_build/results?buildId=340",
};
const since = `[20261121.2](${lastSuccess.url}), the last run of \`main\` that succeeded`;

function changes(baseline: Partial<Baseline>, limit = 100): string {
  const all = {
    lastSuccess,
    isSameCommit: false,
    commits: undefined,
    typicalMs: undefined,
    tree: undefined,
    ...baseline,
  };
  return changesSection(all, runOf(), limit);
}

function commits(count: number, hasMore = false): Baseline["commits"] {
  const first = Array.from({ length: count }, (_, index) => ({
    hash: "4f2c1e9aa0b1c2d3e4f5061728394a5b6c7d8e9f",
    title: `Fix #${index} for @you`,
    author: "Ada <b>",
    url: "https://github.com/o/r/commit/4f2c1e9aa0b1",
  }));
  return { first, hasMore };
}

describe("the changes since the last run that succeeded", () => {
  it("name each commit with its link and author, as escaped text", () => {
    expect(changes({ commits: commits(1) })).toBe(
      `**Changes** 1 commit since ${since}\n\n` +
        "- [`4f2c1e9`](https://github.com/o/r/commit/4f2c1e9aa0b1) Fix #&#8203;0 for @&#8203;you (Ada \\<b\\>)",
    );
  });

  it("show three commits, fold the next seven, and count the others", () => {
    const text = changes({ commits: commits(50, true) });
    expect(
      text.split("\n\n<details><summary>47 more commits</summary>\n\n")[0]?.match(/^- \[/gm),
    ).toHaveLength(3);
    expect(text).toContain("**Changes** at least 50 commits since");
    expect(text.match(/^- \[/gm)).toHaveLength(10);
    expect(text).toMatch(/- and 40 more\n\n<\/details>$/);
  });

  it("are one sentence if there is no room", () => {
    expect(changes({ commits: commits(3) }, 0)).toBe(`**Changes** 3 commits since ${since}`);
  });

  it("are empty if the last success built the same commit", () => {
    expect(changes({ isSameCommit: true })).toBe(
      `**Changes** none since ${since}: it built the same commit.`,
    );
  });

  it.each([undefined, commits(0)])("are omitted if the service returns none", (none) => {
    expect(changes({ commits: none })).toBe(
      `The last run of \`main\` that succeeded is [20261121.2](${lastSuccess.url}).`,
    );
  });
});

describe("what took longer than in the last run that succeeded", () => {
  const treeOf = (seconds: number, count: number) =>
    buildRunTree(
      recordsOf(
        ...Array.from({ length: count }, (_, index) => {
          const times = { from: 10, to: 10 + seconds * (index + 1) };
          return [
            stage(`S${index}`, { name: `*S${index}*`, ...times }),
            ...phaseWithJob(`S${index}.x`, times),
          ];
        }),
      ),
    );
  const text = (count: number, before: Baseline["tree"], limit = 100) =>
    slowerSection({ tree: treeOf(200, count), baseline: { ...noCommits, lastSuccess, tree: before } }, limit);
  const noCommits = { isSameCommit: true, commits: undefined, typicalMs: undefined };

  it("names the stages as escaped text, the slowest first, and counts all but three", () => {
    const link = `[20261121.2](${lastSuccess.url})`;
    expect(text(1, treeOf(100, 1))).toBe(`**Slower** than in ${link}: \\*S0\\* by 1 min 40 s`);
    expect(text(5, treeOf(100, 5))).toBe(
      `**Slower** than in ${link}: \\*S4\\* by 8 min 20 s, \\*S3\\* by 6 min 40 s, \\*S2\\* by 5 min and 2 more`,
    );
  });

  it.each([undefined, treeOf(200, 1)])("is omitted if nothing did, or it is unknown", (before) => {
    expect(text(1, before)).toBe("");
    expect(text(1, treeOf(100, 1), 0)).toBe("");
  });
});
