import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { readInputs } from "../../src/inputs/inputs.ts";
import { actionInputs, allExamples, validationErrors } from "./examples.ts";
import { filesOf, textOf } from "./repository.ts";

const examplesInDocs = allExamples();

const inputs = (parse(textOf("action.yml")) as { inputs: Record<string, { default?: string }> }).inputs;

describe.each(examplesInDocs)("$where", (one) => {
  test("is a valid workflow whose inputs exist in action.yml", async () => {
    expect(await validationErrors(one)).toEqual([]);
  });

  test("sets inputs that the action accepts in every step", async () => {
    for (const step of actionInputs(one)) {
      const defaultOf = (name: string) => inputs[name]?.default?.replace(/\$\{\{.*\}\}/, "x") ?? "";
      const read = readInputs((name) => step[name] ?? defaultOf(name));
      await expect(read, JSON.stringify(step)).resolves.toBeDefined();
    }
  });
});

describe("examples/", () => {
  const examples = examplesInDocs.filter(({ where }) => where.startsWith("examples/"));

  it("has one workflow per use case", () => {
    expect(examples.map(({ where }) => where).sort()).toEqual(
      [
        "deploy-with-approval",
        "gate-by-commit",
        "gate-close",
        "gate-start",
        "gate-sweep",
        "image-tag",
        "matrix",
        "nightly",
        "pull-request-check",
        "pull-request-from-forks",
        "pull-request-from-forks-after-ci",
        "release-gate",
        "trigger-and-wait",
      ]
        .map((name) => `examples/${name}.yml`)
        .sort(),
    );
  });

  it.each(examples)(
    "$where starts with a comment, grants permissions to jobs only, and uses the action",
    (one) => {
      const { permissions } = parse(one.workflow) as { permissions: unknown };
      expect(one.workflow).toMatch(/^# \S/);
      expect(permissions).toEqual({});
      expect(one.workflow.match(/^ +[a-z-]+: (read|write)(?! +#)/gm)).toBeNull();
      expect(actionInputs(one).length).toBeGreaterThan(0);
    },
  );
});

describe("examples/azure/report-to-github.yml", () => {
  const template = parse(textOf("examples/azure/report-to-github.yml")) as {
    stages: {
      dependsOn: string;
      condition: string;
      jobs: { pool: string; steps: { task: string; inputs: Record<string, string> }[] }[];
    }[];
  };
  const [stage] = template.stages;
  const [job] = stage?.jobs ?? [];
  const [step] = job?.steps ?? [];

  it("runs without an agent after the automatic stages, whatever their result, and only for branches", () => {
    expect(job?.pool).toBe("server");
    expect(stage?.dependsOn).toContain("parameters.after");
    expect(stage?.condition).toBe(
      "and(always(), startsWith(variables['Build.SourceBranch'], 'refs/heads/'))",
    );
  });

  it("sends the run's id, and sets headers, since the default headers contain a token", () => {
    expect(step?.task).toBe("InvokeRESTAPI@1");
    expect(Object.keys(JSON.parse(step?.inputs["headers"] ?? ""))).toEqual([
      "Accept",
      "Content-Type",
      "User-Agent",
    ]);
    const body = step?.inputs["body"]?.replace("$(Build.BuildId)", "345") ?? "";
    expect(JSON.parse(body)).toEqual({
      event_type: "azure-run-completed",
      client_payload: { run_id: 345 },
    });
  });

  it("sends the event that triggers gate-close.yml, which reads only the run id from it", () => {
    const close = textOf("examples/gate-close.yml");
    expect(parse(close).on).toEqual({ repository_dispatch: { types: ["azure-run-completed"] } });
    expect(close.match(/client_payload\.\w+/g)).toEqual(["client_payload.run_id"]);
  });
});

describe("the check of the examples", () => {
  const broken = (workflow: string) => ({
    where: "broken.md",
    isComplete: true,
    workflow: `on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n${workflow}`,
  });

  it("reports an unknown input and an unknown key", async () => {
    const step =
      "      - uses: OWNER/run-azure-pipeline@v1\n        with:\n          projec: web\n        wiht: 1\n";
    const errors = await validationErrors(broken(step));
    expect(errors.join("\n")).toMatch(/Invalid action input 'projec'/);
    expect(errors.join("\n")).toMatch(/wiht/);
  });

  it("covers every YAML block in README.md and docs/", () => {
    const counts = filesOf("README.md", "docs/*.md", "docs/**/*.md").map(
      (path) => textOf(path).match(/^ *```ya?ml/gm)?.length ?? 0,
    );
    const blocks = examplesInDocs.filter(({ where }) => !where.startsWith("examples/"));
    expect(blocks).toHaveLength(counts.reduce((sum, count) => sum + count, 0));
  });
});
