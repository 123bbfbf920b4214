import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { type ArchiveLimits, defaultLimits, unpackArtifact } from "../../src/artifacts/unpack.ts";
import { createZip, type ZipEntry } from "./zip.ts";

const never = new AbortController().signal;

interface Case {
  readonly name?: string;
  readonly into?: string;
  readonly workspace?: string;
  readonly windows?: boolean;
  readonly limits?: Partial<ArchiveLimits>;
}

async function unpack(archive: Buffer | readonly ZipEntry[], given: Case = {}) {
  const { workspace = temporaryFolder(), name = "drop", limits, ...rest } = given;
  const zip = join(temporaryFolder(), "a.zip");
  writeFileSync(zip, archive instanceof Buffer ? archive : createZip(...(archive as readonly ZipEntry[])));
  const task = { name, zip, into: "artifacts", workspace, windows: false, ...rest };
  const unpacked = await unpackArtifact({ ...task, limits: { ...defaultLimits, ...limits } }, never);
  return { unpacked, workspace, at: (...path: string[]) => join(workspace, "artifacts", ...path) };
}

/** Everything below a folder, without following links. */
function all(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
}

describe("unpackArtifact", () => {
  it("does not repeat the archive's top folder if it is named like the artifact", async () => {
    const { at, unpacked } = await unpack([
      { name: "drop/" },
      { name: "drop/a.txt", content: "A" },
      { name: "drop/bin/run", content: "#!/bin/sh\n", mode: 0o100755 },
      { name: "drop/empty/", mode: 0o040755 },
      { name: "drop\\win\\b.txt", content: "B", stored: true },
    ]);
    expect(all(at("drop"))).toEqual(["a.txt", "bin", "bin/run", "empty", "win", "win/b.txt"]);
    expect(readFileSync(at("drop", "win", "b.txt"), "utf8")).toBe("B");
    expect(statSync(at("drop", "bin", "run")).mode & 0o777).toBe(0o755 & ~process.umask());
    expect(unpacked).toEqual({ files: 3, bytes: 12, hadFiles: false });
  });

  it("never mixes the files of two steps that unpack into one folder at the same time", async () => {
    const workspace = temporaryFolder();
    const contents = ["first", "second"];
    const results = await Promise.allSettled(
      contents.map((content) => unpack([{ name: "deep/er/a.txt", content }], { workspace })),
    );
    const failures = results.flatMap((result) => (result.status === "rejected" ? [result.reason] : []));
    for (const failure of failures)
      expect(failure).toMatchObject({ message: expect.stringContaining("at the same time") });
    expect(failures.length).toBeLessThan(2);
    expect(contents).toContain(readFileSync(join(workspace, "artifacts/drop/deep/er/a.txt"), "utf8"));
  });

  it("keeps a top folder of that name if the archive has other entries", async () => {
    const { at } = await unpack([{ name: "drop/a" }, { name: "b" }]);
    expect(all(at("drop"))).toEqual(["b", "drop", "drop/a"]);
    const file = await unpack([{ name: "drop", content: "a file" }]);
    expect(all(file.at("drop"))).toEqual(["drop"]);
  });

  it("overwrites existing files", async () => {
    const workspace = temporaryFolder();
    await unpack([{ name: "drop/a", content: "old, and longer" }, { name: "drop/b" }], { workspace });
    const { at } = await unpack([{ name: "drop/a", content: "new" }], { workspace });
    expect(readFileSync(at("drop", "a"), "utf8")).toBe("new");
    expect(all(at("drop"))).toEqual(["a", "b"]);
  });

  it.each<[string, ZipEntry, Case?]>([
    ["its path leads out of the folder", { name: "../evil" }],
    ["its path leads out of the folder", { name: "drop/../../evil" }],
    ["its path leads out of the folder", { name: "drop\\..\\..\\evil" }],
    ["its path is absolute", { name: "/tmp/evil" }],
    ["its path is absolute", { name: "\\\\server\\share\\evil" }],
    ["its path is absolute", { name: "C:\\evil" }],
    ["its path is absolute", { name: "c:evil" }],
    ["its name contains a NUL character", { name: "evil\0.txt" }],
    ["it is a link", { name: "link", content: "/etc/passwd", mode: 0o120777 }],
    ["it is neither a file nor a folder", { name: "pipe", mode: 0o010644 }],
    ["it has no name", { name: "." }],
    ...[
      ".git/hooks/a",
      "a/b/.GIT/c",
      "GIT~1/a",
      "a/.git. /b",
      ".git::$INDEX_ALLOCATION/x",
      ".g\u200cit/x",
    ].map((name): [string, ZipEntry] => ["Git would treat it as one of its own folders", { name }]),
    ["Windows does not allow this file name", { name: "a/NUL.txt" }, { windows: true }],
    ["Windows does not allow this file name", { name: "ab:c" }, { windows: true }],
    ["Windows does not allow this file name", { name: "a./b" }, { windows: true }],
  ])("rejects an entry before it writes anything: %s (%j)", async (why, entry, given) => {
    const workspace = temporaryFolder();
    const entries = [{ name: "good", content: "x" }, entry];
    await expect(unpack(entries, { ...given, workspace })).rejects.toMatchObject({
      code: "unexpected-response",
      message: expect.stringMatching(
        new RegExp(`^Artifact "drop" was refused: entry ".*" was not unpacked, because ${why}\\.$`),
      ),
    });
    expect(all(workspace)).toEqual([]);
  });

  it.each(["../x", "a/b", "a\\b", "..", ".", "/x", "C:", "", "a\0"])(
    "rejects an artifact named %j",
    async (name) => {
      const workspace = temporaryFolder();
      await expect(unpack([{ name: "a" }], { name, workspace })).rejects.toMatchObject({
        code: "unexpected-response",
      });
      expect(all(workspace)).toEqual([]);
    },
  );

  it("does not write through an existing link", async () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, "precious"), "precious");
    const workspace = temporaryFolder();
    mkdirSync(join(workspace, "artifacts", "drop"), { recursive: true });
    symlinkSync(outside, join(workspace, "artifacts", "drop", "sub"));
    symlinkSync(join(outside, "precious"), join(workspace, "artifacts", "drop", "file"));
    await expect(
      unpack([{ name: "new", content: "x" }, { name: "sub/evil" }], { workspace }),
    ).rejects.toThrow('Artifact "drop" was refused: its path contains a link.');
    await unpack([{ name: "file", content: "mine" }], { workspace });
    expect(readFileSync(join(workspace, "artifacts", "drop", "file"), "utf8")).toBe("mine");
    expect(all(outside)).toEqual(["precious"]);
    expect(readFileSync(join(outside, "precious"), "utf8")).toBe("precious");
  });

  it("rejects artifacts-path if it contains a link in the workspace, wherever it leads", async () => {
    const workspace = temporaryFolder();
    mkdirSync(join(workspace, ".git"));
    mkdirSync(join(workspace, "real"));
    symlinkSync(join(workspace, ".git"), join(workspace, "artifacts"));
    symlinkSync(join(workspace, "real"), join(workspace, "linked"));
    for (const into of ["artifacts", "linked", "linked/deeper"])
      await expect(unpack([{ name: "a" }], { name: "hooks", workspace, into })).rejects.toThrow("is a link");
    expect(all(workspace)).toEqual([".git", "artifacts", "linked", "real"]);
  });

  it("rejects every folder in which Git keeps its own files", async () => {
    const workspace = temporaryFolder();
    const outside = temporaryFolder();
    mkdirSync(join(workspace, ".git"));
    for (const name of ["objects", "refs"])
      mkdirSync(join(workspace, "bare.repo", name), { recursive: true });
    writeFileSync(join(workspace, "bare.repo", "HEAD"), "ref: refs/heads/main");
    symlinkSync(join(workspace, ".git"), join(outside, "link"));
    for (const into of [".git", ".GIT/x", "sub/git~1", "bare.repo", "bare.repo/x", join(outside, "link")])
      await expect(unpack([{ name: "a" }], { name: "hooks", workspace, into })).rejects.toMatchObject({
        code: "unexpected-response",
        message: expect.stringContaining("inside a Git folder"),
      });
    expect(all(join(workspace, ".git"))).toEqual([]);
  });

  it("restores replaced files if a later entry is rejected", async () => {
    const workspace = temporaryFolder();
    mkdirSync(join(workspace, "artifacts", "drop", "taken"), { recursive: true });
    writeFileSync(join(workspace, "artifacts", "drop", "a"), "mine");
    await expect(
      unpack([{ name: "a", content: "theirs" }, { name: "new" }, { name: "taken" }], { workspace }),
    ).rejects.toThrow("a folder has the path of one of its files");
    expect(readFileSync(join(workspace, "artifacts", "drop", "a"), "utf8")).toBe("mine");
    expect(all(join(workspace, "artifacts"))).toEqual(["drop", "drop/a", "drop/taken"]);
  });

  it("reports that the folder had files, and leaves no backup of those it replaced", async () => {
    const workspace = temporaryFolder();
    await unpack([{ name: "a", content: "old" }, { name: "b" }], { workspace });
    const { unpacked } = await unpack([{ name: "a", content: "new" }], { workspace });
    expect(unpacked.hadFiles).toBe(true);
    expect(all(join(workspace, "artifacts"))).toEqual(["drop", "drop/a", "drop/b"]);
  });

  it("rejects artifacts-path if a link in it leads out of the workspace", async () => {
    const outside = temporaryFolder();
    const workspace = temporaryFolder();
    symlinkSync(outside, join(workspace, "artifacts"));
    symlinkSync(join(outside, "gone"), join(workspace, "dangling"));
    for (const into of ["artifacts", "artifacts/deeper", "dangling"]) {
      await expect(unpack([{ name: "a" }], { workspace, into })).rejects.toThrow(
        "leads out of the workspace",
      );
    }
    expect(all(outside)).toEqual([]);
  });

  it("accepts an artifacts-path outside the workspace", async () => {
    const into = temporaryFolder();
    await unpack([{ name: "a", content: "x" }], { into });
    expect(readFileSync(join(into, "drop", "a"), "utf8")).toBe("x");
  });

  it.each<[string, ZipEntry, Partial<ArchiveLimits>]>([
    [
      "larger than the limit of 1 MB",
      { name: "zeros", content: Buffer.alloc(3 << 20) },
      { ratio: 10, ratioFromBytes: 1 << 20 },
    ],
    [
      "larger than the limit of 1 MB",
      { name: "large", content: Buffer.alloc(3 << 20), stored: true },
      { bytes: 1 << 20 },
    ],
    ["more entries than the limit of 1", { name: "second" }, { entries: 1 }],
    ["too many bytes", { name: "liar", content: Buffer.alloc(1 << 20), claims: { size: 10 } }, {}],
    ['entry "damaged" is damaged', { name: "damaged", content: "x", claims: { crc: 1 } }, {}],
  ])(
    "rejects an archive that exceeds a limit or has wrong sizes, and removes what it wrote: %s",
    async (why, entry, limits) => {
      const workspace = temporaryFolder();
      const entries = [{ name: "sub/good", content: "x" }, entry];
      await expect(unpack(entries, { limits, workspace })).rejects.toMatchObject({
        code: "unexpected-response",
        message: expect.stringContaining(why),
      });
      expect(all(workspace)).toEqual([]);
    },
  );

  it.each([
    ["an empty file", Buffer.alloc(0)],
    ["an HTML page", Buffer.from("<html>Sign in</html>")],
    ["half an archive", createZip({ name: "a", content: "x".repeat(1000), stored: true }).subarray(0, 600)],
  ])("rejects a file that is not an archive: %s", async (_, archive) => {
    await expect(unpack(archive)).rejects.toMatchObject({ code: "unexpected-response" });
  });

  it("rejects artifacts-path if it is a file", async () => {
    const workspace = temporaryFolder();
    writeFileSync(join(workspace, "artifacts"), "a file");
    await expect(unpack([{ name: "a" }], { workspace })).rejects.toMatchObject({
      code: "bad-input",
      hint: expect.stringContaining("artifacts-path"),
    });
  });

  it("rejects with the signal's reason, and removes what it wrote", async () => {
    const zip = join(temporaryFolder(), "a.zip");
    writeFileSync(zip, createZip({ name: "a", content: Buffer.alloc(1 << 20) }, { name: "b" }));
    const workspace = temporaryFolder();
    const abort = new AbortController();
    const reason = new Error("enough");
    const task = { name: "drop", zip, into: "artifacts", workspace, windows: false };
    const unpacked = unpackArtifact(task, abort.signal);
    setImmediate(() => abort.abort(reason));
    await expect(unpacked).rejects.toBe(reason);
    expect(existsSync(join(workspace, "artifacts", "drop"))).toBe(false);
  });
});
