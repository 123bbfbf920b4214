import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { createDiskArtifactStore, readOutputsFile, saveDownload } from "../../src/artifacts/store.ts";
import { defaultLimits } from "../../src/artifacts/unpack.ts";
import { RunnerError, TransientError } from "../../src/errors.ts";
import { createZip, type ZipEntry } from "./zip.ts";

const never = new AbortController().signal;

async function* chunksOf(...parts: (string | Error)[]) {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

it("saveDownload writes a download to a file and reports its progress", async () => {
  const file = join(temporaryFolder(), "a.zip");
  const seen: number[] = [];
  const saving = { name: "drop", file, onProgress: (bytes: number) => void seen.push(bytes) };
  await saveDownload(chunksOf("ab", "c"), saving, never);
  expect(readFileSync(file, "utf8")).toBe("abc");
  expect(seen).toEqual([2, 3]);
});

it("saveDownload removes an incomplete file, and rejects with a transient error as it is", async () => {
  const file = join(temporaryFolder(), "a.zip");
  const lost = new TransientError("the connection was lost");
  await expect(saveDownload(chunksOf("ab", lost), { name: "drop", file }, never)).rejects.toBe(lost);
  expect(existsSync(file)).toBe(false);
});

it("saveDownload stops at the limit of 1 MB", async () => {
  const file = join(temporaryFolder(), "a.zip");
  const limits = { ...defaultLimits, bytes: 1024 * 1024 };
  const chunks = chunksOf("x".repeat(1024 * 1024), "y");
  await expect(saveDownload(chunks, { name: "drop", file, limits }, never)).rejects.toThrow(
    'Artifact "drop" was refused: it is larger than the limit of 1 MB.',
  );
  expect(existsSync(file)).toBe(false);
});

it("saveDownload names the artifact if the file cannot be written", async () => {
  const file = join(temporaryFolder(), "gone", "a.zip");
  await expect(saveDownload(chunksOf("a"), { name: "drop", file }, never)).rejects.toMatchObject({
    message: 'Artifact "drop" could not be written (ENOENT).',
  });
});

function read(...entries: readonly ZipEntry[]) {
  const zip = join(temporaryFolder(), "a.zip");
  writeFileSync(zip, createZip(...entries));
  return readOutputsFile({ name: "values", zip, windows: false });
}

it("readOutputsFile reads the archive's only file, in any folder", async () => {
  const text = '{"tag": "v1"}';
  expect(await read({ name: "values/" }, { name: "values/out.json", content: text })).toEqual({
    name: "out.json",
    text,
  });
});

it("readOutputsFile reads UTF-16, which PowerShell on Windows writes", async () => {
  const content = Buffer.from("\uFEFFA=é", "utf16le");
  expect(await read({ name: "x.env", content })).toEqual({ name: "x.env", text: "A=é" });
});

it.each<[string, readonly ZipEntry[]]>([
  ["contains no file", [{ name: "values/" }]],
  ['contains several files ("a.json" and "b/c.env")', [{ name: "a.json" }, { name: "b/c.env" }]],
  ["larger than the limit of 1 MB", [{ name: "a.json", content: Buffer.alloc((1 << 20) + 1) }]],
  ["leads out of the folder", [{ name: "../a.json", content: "{}" }]],
  ["it is a link", [{ name: "a.json", content: "/etc/passwd", mode: 0o120777 }]],
])("readOutputsFile rejects an archive: %s", async (why, entries) => {
  await expect(read(...entries)).rejects.toMatchObject({
    code: "unexpected-response",
    message: expect.stringContaining(why),
  });
});

it("the store reports a temporary folder that is gone as trouble of the runner", async () => {
  const tempFolder = join(temporaryFolder(), "gone");
  const store = createDiskArtifactStore({
    download: () => Promise.reject(new Error("nothing is downloaded")),
    workspace: temporaryFolder(),
    tempFolder,
    windows: false,
  });
  const artifact = { name: "drop", kind: "pipeline", size: undefined, downloadUrl: undefined } as const;
  const saved = store.save(
    { artifact, runId: 345, pipelineId: 42 },
    { into: "artifacts", onWait: () => {}, onProgress: () => {} },
    never,
  );
  await expect(saved).rejects.toBeInstanceOf(RunnerError);
  await expect(saved).rejects.toThrow(/^An artifact could not be stored on the runner: ENOENT/);
});
