import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { saveDownload } from "../../src/artifacts/store.ts";
import { defaultLimits } from "../../src/artifacts/unpack.ts";
import { TransientError } from "../../src/errors.ts";

const never = new AbortController().signal;

async function* chunksOf(...parts: (string | Error)[]) {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield Buffer.from(part);
  }
}

it("streams a download into a file and tells how far it is", async () => {
  const file = join(temporaryFolder(), "a.zip");
  const seen: number[] = [];
  const saving = { name: "drop", file, onProgress: (bytes: number) => void seen.push(bytes) };
  await saveDownload(chunksOf("ab", "c"), saving, never);
  expect(readFileSync(file, "utf8")).toBe("abc");
  expect(seen).toEqual([2, 3]);
});

it("leaves no half of a file, and a passing failure what it is", async () => {
  const file = join(temporaryFolder(), "a.zip");
  const lost = new TransientError("the connection was lost");
  await expect(saveDownload(chunksOf("ab", lost), { name: "drop", file }, never)).rejects.toBe(lost);
  expect(existsSync(file)).toBe(false);
});

it("stops at a limit that it names", async () => {
  const file = join(temporaryFolder(), "a.zip");
  const limits = { ...defaultLimits, bytes: 1024 * 1024 };
  const chunks = chunksOf("x".repeat(1024 * 1024), "y");
  await expect(saveDownload(chunks, { name: "drop", file, limits }, never)).rejects.toThrow(
    'Artifact "drop" was refused: it is larger than the limit of 1 MB.',
  );
  expect(existsSync(file)).toBe(false);
});

it("says where it may not write", async () => {
  const file = join(temporaryFolder(), "gone", "a.zip");
  await expect(saveDownload(chunksOf("a"), { name: "drop", file }, never)).rejects.toMatchObject({
    message: 'Artifact "drop" could not be written (ENOENT).',
  });
});
