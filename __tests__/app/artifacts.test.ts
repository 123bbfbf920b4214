import { expect, it } from "vitest";
import { downloadArtifacts, missingArtifactsMessage, selectArtifacts } from "../../src/app/artifacts.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import type { Artifact, ArtifactStore } from "../../src/ports.ts";
import { runOf } from "../core/builders.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { neverAborted } from "./scripted-pipelines.ts";

const megabyte = 1_000_000;

const web: Artifact = { name: "web", kind: "pipeline", size: 400 * megabyte, downloadUrl: undefined };

const share: Artifact = { ...web, name: "share", kind: "other" };

/** The log of a download from a store that reports progress every 10 MB. */
async function downloadLog(
  available: readonly Artifact[],
  requested: readonly string[],
  waitsMs: readonly number[] = [],
  hadFiles = false,
): Promise<string[]> {
  const lines: LogEntry[] = [];
  const deps = {
    runner: { write: (more: Iterable<LogEntry>) => void lines.push(...more) },
    clock: createFakeClock(),
    outputs: { set: () => true },
  };
  const store: ArtifactStore = {
    save: async (_, { onProgress, onWait }) => {
      for (const waitMs of waitsMs) onWait(waitMs, "the service answered 503");
      for (let bytes = 0; bytes <= 400 * megabyte; bytes += 10 * megabyte) onProgress(bytes);
      return { files: 2, bytes: 400 * megabyte, hadFiles };
    },
    readOutputs: async () => [],
  };
  const inputs = {
    outputsArtifact: undefined,
    downloadArtifacts: requested,
    artifactsPath: "out",
    mapOutputs: [],
  };
  await downloadArtifacts({ inputs, run: runOf(), available, store, isSuccess: true }, deps, neverAborted);
  return lines.map((line) => ("text" in line ? line.text : line.type));
}

it("downloadArtifacts logs the progress of a large download", async () => {
  expect(await downloadLog([web], ["web"])).toEqual([
    "Downloading web: 110 MB of 400 MB",
    "Downloading web: 220 MB of 400 MB",
    "Downloading web: 330 MB of 400 MB",
    "Downloaded web to out/web: 2 files, 400 MB",
  ]);
});

it("downloadArtifacts logs a wait of a minute, but not one of a few seconds", async () => {
  expect((await downloadLog([web], ["web"], [1_000, 4_000, 60_000])).slice(0, 2)).toEqual([
    'Retrying artifact "web" in 1 min: the service answered 503.',
    "Downloading web: 110 MB of 400 MB",
  ]);
});

it("downloadArtifacts skips what cannot be downloaded if it was not requested by name", async () => {
  expect(await downloadLog([share, web], ["*"])).toHaveLength(4);
  expect(await downloadLog([share], ["*"])).toEqual(["The run has no artifacts to download."]);
});

it("downloadArtifacts logs names in one line", async () => {
  expect((await downloadLog([{ ...web, name: "a\nb" }], ["*"])).at(-1)).toMatch(
    /^Downloaded a b to out\/a b: /,
  );
});

it("downloadArtifacts warns if the folder already had files", async () => {
  expect((await downloadLog([web], ["web"], [], true)).at(-1)).toMatch(/^out\/web already contained files/);
});

const available = [{ name: "drop" }, { name: "tests" }];

it.each([
  [["drop"], ["drop"], []],
  [["*"], ["drop", "tests"], []],
  [["*", "gone"], ["drop", "tests"], ["gone"]],
  [["Drop", "tests", "tests"], ["tests"], ["Drop"]],
  [[], [], []],
])("selectArtifacts finds for %j the artifacts %j, and misses %j", (requested, found, missing) => {
  const selection = selectArtifacts(requested, available);
  expect(selection.found.map(({ name }) => name)).toEqual(found);
  expect(selection.missing).toEqual(missing);
});

it("missingArtifactsMessage lists the run's artifacts", () => {
  expect(missingArtifactsMessage(["gone"], available)).toBe(
    'The run has no artifact "gone"; it has "drop" and "tests".',
  );
  expect(missingArtifactsMessage(["a", "b"], [])).toBe(
    'The run has no artifact "a" or "b"; it has no artifacts.',
  );
});
