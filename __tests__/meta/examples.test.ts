import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { readInputs } from "../../src/inputs/inputs.ts";
import { actionInputs, allExamples, validationErrors } from "./examples.ts";
import { filesOf, textOf } from "./repository.ts";

const shown = allExamples();

const inputs = (parse(textOf("action.yml")) as { inputs: Record<string, { default?: string }> }).inputs;

describe.each(shown)("$where", (one) => {
  test("is a valid workflow, with inputs that the action has", async () => {
    expect(await validationErrors(one)).toEqual([]);
  });

  test("gives every step what it needs, and nothing that it would refuse", async () => {
    for (const step of actionInputs(one)) {
      const defaultOf = (name: string) => inputs[name]?.default?.replace(/\$\{\{.*\}\}/, "x") ?? "";
      const read = readInputs((name) => step[name] ?? defaultOf(name));
      await expect(read, JSON.stringify(step)).resolves.toBeDefined();
    }
  });
});

describe("examples/", () => {
  const examples = shown.filter(({ where }) => where.startsWith("examples/"));

  it("has one workflow per use case", () => {
    expect(examples.map(({ where }) => where)).toEqual(
      [
        "deploy-with-approval",
        "image-tag",
        "matrix",
        "nightly",
        "pull-request-check",
        "pull-request-from-forks",
        "release-gate",
        "trigger-and-wait",
      ].map((name) => `examples/${name}.yml`),
    );
  });

  it.each(examples)("$where says what it is for, grants nothing on top, and has a step of ours", (one) => {
    const { permissions } = parse(one.workflow) as { permissions: unknown };
    expect(one.workflow).toMatch(/^# \S/);
    expect(permissions).toEqual({});
    expect(one.workflow.match(/^ +[a-z-]+: (read|write)(?! +#)/gm)).toBeNull();
    expect(actionInputs(one).length).toBeGreaterThan(0);
  });
});

describe("this test", () => {
  const broken = (workflow: string) => ({
    where: "broken.md",
    isComplete: true,
    workflow: `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${workflow}`,
  });

  it("finds an input that there is not, and a key that GitHub does not know", async () => {
    const step =
      "      - uses: OWNER/run-azure-pipeline@v1\n        with:\n          projec: web\n        wiht: 1\n";
    const complaints = await validationErrors(broken(step));
    expect(complaints.join("\n")).toMatch(/Invalid action input 'projec'/);
    expect(complaints.join("\n")).toMatch(/wiht/);
  });

  it("sees every block", () => {
    const counts = filesOf("README.md", "docs/*.md", "docs/**/*.md").map(
      (path) => textOf(path).match(/^ *```ya?ml/gm)?.length ?? 0,
    );
    const blocks = shown.filter(({ where }) => !where.startsWith("examples/"));
    expect(blocks).toHaveLength(counts.reduce((sum, count) => sum + count, 0));
  });
});
