import { cpSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { startProcess } from "../../runner-emulator/process.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import type { Phase } from "../../src/app/step-state.ts";
import { reservedOutputs } from "../../src/core/output-values.ts";
import { fields } from "../../src/inputs/fields.ts";
import { root, textOf } from "./repository.ts";

interface Described {
  readonly description?: string;
  readonly default?: string;
  readonly required?: boolean;
}

interface ActionFile {
  readonly name: string;
  readonly description: string;
  readonly branding: { readonly icon: string; readonly color: string };
  readonly inputs: Readonly<Record<string, Described>>;
  readonly outputs: Readonly<Record<string, Described>>;
  readonly runs: Readonly<Record<string, string>>;
}

const action = parse(textOf("action.yml")) as ActionFile;

const rows: readonly { readonly name: string; readonly fallback?: string }[] = Object.values(fields);

test("has the inputs that the code reads, in its order", () => {
  expect(Object.keys(action.inputs)).toEqual(rows.map(({ name }) => name));
});

test("has the same defaults as the code, which needs them where an input is blanked out", () => {
  const defaults = Object.entries(action.inputs).flatMap(([name, input]) =>
    // What GitHub evaluates is not the code's to know.
    input.default === undefined || input.default.includes("${{") ? [] : [[name, input.default]],
  );
  const fallbacks = rows.flatMap(({ name, fallback }) => (fallback === undefined ? [] : [[name, fallback]]));
  expect(defaults).toEqual(fallbacks);
});

test("has the outputs that the code writes, in its order", () => {
  expect(Object.keys(action.outputs)).toEqual([...reservedOutputs]);
});

test("describes everything in sentences, and requires nothing that the runner would not enforce", () => {
  for (const [name, entry] of Object.entries({ ...action.inputs, ...action.outputs })) {
    expect(entry.description, name).toMatch(/^["`(\p{Lu}].*[.)`]$/su);
    expect(entry.required, name).toBeUndefined();
    expect(typeof (entry.default ?? ""), name).toBe("string");
  }
});

test("keeps to what the marketplace takes", () => {
  expect(action.name).toBe("Run Azure Pipeline");
  expect(action.description.length).toBeLessThan(125);
  expect(action.branding).toEqual({
    icon: expect.stringMatching(/^[a-z]+(-[a-z]+)*$/),
    color: expect.stringMatching(/^(white|black|yellow|blue|green|orange|red|purple|gray-dark)$/),
  });
});

test("runs one bundle, on Node 24, for main and for post", () => {
  expect(action.runs).toEqual({ using: "node24", main: "dist/index.js", post: "dist/post.js" });
});

test("has a post step that loads nothing where the main step came to its own end", async () => {
  const folder = temporaryFolder();
  cpSync(join(root, "dist/post.js"), join(folder, "post.mjs"));
  const after = (phase: Phase) =>
    startProcess(join(folder, "post.mjs"), {
      cwd: folder,
      env: { STATE_main: "/", STATE_phase: JSON.stringify(phase) },
      onText: () => undefined,
    }).exited;
  // The bundle is not there: whoever wants to load it fails.
  expect((await after({ at: "settled" })).exitCode).toBe(0);
  expect((await after({ at: "left", runId: 7 })).exitCode).toBe(1);
});
