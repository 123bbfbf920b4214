import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { usualLimits } from "../../src/artifacts/limits.ts";
import { saveDownload } from "../../src/artifacts/save.ts";
import { PassingError } from "../../src/errors.ts";
import { temporaryFolder } from "../support/temporary.ts";

const never = new AbortController().signal;

async function* chunksOf(...parts: (string | Error)[]) {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

it("streams a download into a file and tells how far it is", async () => {
  const file = join(temporaryFolder(), "a.zip");
  const seen: unknown[] = [];
  const saving = { name: "drop", file, onProgress: (progress: unknown) => seen.push(progress) };
  await saveDownload({ chunks: chunksOf("ab", "c"), size: 3 }, saving, never);
  expect(readFileSync(file, "utf8")).toBe("abc");
  expect(seen).toEqual([
    { bytes: 2, total: 3 },
    { bytes: 3, total: 3 },
  ]);
});

it("leaves no half of a file, and a passing failure what it is", async () => {
  const file = join(temporaryFolder(), "a.zip");
  const lost = new PassingError("the connection was lost");
  await expect(
    saveDownload({ chunks: chunksOf("ab", lost), size: 3 }, { name: "drop", file }, never),
  ).rejects.toBe(lost);
  expect(existsSync(file)).toBe(false);
});

it("stops at a limit that it names", async () => {
  const file = join(temporaryFolder(), "a.zip");
  const limits = { ...usualLimits, bytes: 1024 * 1024 };
  const download = { chunks: chunksOf("x".repeat(1024 * 1024), "y"), size: undefined };
  await expect(saveDownload(download, { name: "drop", file, limits }, never)).rejects.toThrow(
    'Artifact "drop" was refused: it is larger than the limit of 1 MB.',
  );
  expect(existsSync(file)).toBe(false);
});

it("says where it may not write", async () => {
  const file = join(temporaryFolder(), "gone", "a.zip");
  await expect(
    saveDownload({ chunks: chunksOf("a"), size: 1 }, { name: "drop", file }, never),
  ).rejects.toMatchObject({
    message: 'Artifact "drop" could not be written (ENOENT).',
  });
});
