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

test("action.yml has the inputs that the code reads, in the same order", () => {
  expect(Object.keys(action.inputs)).toEqual(rows.map(({ name }) => name));
});

test("action.yml has the same defaults as the code, which uses them if an input is set to blank", () => {
  const defaults = Object.entries(action.inputs).flatMap(([name, input]) =>
    // Only GitHub can evaluate a default with an expression.
    input.default === undefined || input.default.includes("${{") ? [] : [[name, input.default]],
  );
  const fallbacks = rows.flatMap(({ name, fallback }) => (fallback === undefined ? [] : [[name, fallback]]));
  expect(defaults).toEqual(fallbacks);
});

test("action.yml has the outputs that the code writes, in the same order", () => {
  expect(Object.keys(action.outputs)).toEqual([...reservedOutputs]);
});

test("action.yml describes each input and output in sentences, and marks none as required", () => {
  for (const [name, entry] of Object.entries({ ...action.inputs, ...action.outputs })) {
    expect(entry.description, name).toMatch(/^["`(\p{Lu}].*[.)`]$/su);
    expect(entry.required, name).toBeUndefined();
    expect(typeof (entry.default ?? ""), name).toBe("string");
  }
});

test("action.yml meets the Marketplace's limits for name, description and branding", () => {
  expect(action.name).toBe("Run Azure Pipeline");
  expect(action.description.length).toBeLessThan(125);
  expect(action.branding).toEqual({
    icon: expect.stringMatching(/^[a-z]+(-[a-z]+)*$/),
    color: expect.stringMatching(/^(white|black|yellow|blue|green|orange|red|purple|gray-dark)$/),
  });
});

test("action.yml runs dist/index.js and dist/post.js on Node 24", () => {
  expect(action.runs).toEqual({ using: "node24", main: "dist/index.js", post: "dist/post.js" });
});

test("dist/post.js does not load the bundle if the main step ended by itself", async () => {
  const folder = temporaryFolder();
  cpSync(join(root, "dist/post.js"), join(folder, "post.mjs"));
  const after = (phase: Phase) =>
    startProcess(join(folder, "post.mjs"), {
      cwd: folder,
      env: { STATE_main: "/", STATE_phase: JSON.stringify(phase) },
      onText: () => undefined,
    }).exited;
  // The bundle is not in this folder, so loading it fails.
  expect((await after({ at: "settled" })).exitCode).toBe(0);
  expect((await after({ at: "left", runId: 7 })).exitCode).toBe(1);
});
