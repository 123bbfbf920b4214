import {
  type FileHandle,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  realpath,
  rename,
  rm,
  rmdir,
  stat,
} from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { ignoreError } from "../errors.ts";
import { checkFolderName, isGitFolder } from "../lib/paths.ts";
import { quotedName, sizeText } from "../lib/text.ts";
import type { SavedArtifact } from "../ports.ts";
import { diskError, rejectedArtifact } from "./errors.ts";
import { type ArchiveEntry, entriesOf, entrySegments, rejectOnError } from "./zip.ts";

export interface UnpackOptions {
  /** The artifact's name: its folder below `into`. */
  readonly name: string;
  readonly zip: string;
  readonly into: string;
  /** What `into` is relative to; links may not lead out of it. */
  readonly workspace: string;
  readonly windows: boolean;
  readonly limits?: ArchiveLimits;
}

interface Preflight {
  /** The archive's own top folder of the artifact's name, which is not doubled. */
  readonly topFolder: string | undefined;
  /** What may become of it before it is a bomb. Bytes. */
  readonly maxBytes: number;
}

/**
 * Unpacks an artifact into a folder of its name. Every name is judged before anything is written, every byte is
 * counted as it is written; after a failure nothing of it is left, and what it had replaced is back.
 */
export async function unpackArtifact(options: UnpackOptions, signal: AbortSignal): Promise<SavedArtifact> {
  const { name, into, workspace, windows } = options;
  try {
    rejectOnError(name, "its name cannot be a folder's, because", () => checkFolderName(name, windows));
    const preflight = await inspectArchive(options, signal);
    const folder = await openTargetFolder(join(into, name), workspace);
    return await unpackInto(folder, { ...options, preflight }, signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : diskError(name, error);
  }
}

async function inspectArchive(
  { name, zip, windows, limits = defaultLimits }: UnpackOptions,
  signal: AbortSignal,
) {
  let count = 0;
  let bytes = 0;
  let hasTopFolder = true;
  for await (const entry of entriesOf(zip)) {
    signal.throwIfAborted();
    count += 1;
    bytes += entry.size;
    if (count > limits.entries)
      throw rejectedArtifact(name, `it holds more entries than the limit of ${limits.entries}`);
    const segments = entrySegments(name, entry, windows);
    hasTopFolder &&= segments[0] === name && (segments.length > 1 || entry.type === "folder");
  }
  const maxBytes = await maxUnpackedBytes(zip, limits);
  if (bytes > maxBytes) throw tooLarge(name, maxBytes);
  return { topFolder: hasTopFolder ? name : undefined, maxBytes } satisfies Preflight;
}

async function maxUnpackedBytes(zip: string, limits: ArchiveLimits): Promise<number> {
  const { size } = await stat(zip);
  return Math.min(limits.bytes, Math.max(limits.ratioFromBytes, size * limits.ratio));
}

interface UnpackJob extends UnpackOptions {
  readonly preflight: Preflight;
}

async function unpackInto(folder: TargetFolder, job: UnpackJob, signal: AbortSignal): Promise<SavedArtifact> {
  let files = 0;
  let bytes = 0;
  try {
    await folder.createFolder([]);
    for await (const entry of entriesOf(job.zip)) {
      signal.throwIfAborted();
      const segments = entrySegments(job.name, entry, job.windows).slice(
        job.preflight.topFolder === undefined ? 0 : 1,
      );
      if (entry.type === "folder") {
        await folder.createFolder(segments);
        continue;
      }
      files += 1;
      bytes = await unpackFile(
        {
          entry,
          file: await folder.createFile(segments, entry.executable ? 0o755 : 0o644),
          bytesBefore: bytes,
        },
        job,
        signal,
      );
    }
    await folder.commit();
    return { files, bytes, hadFiles: folder.hadFiles };
  } catch (error) {
    await folder.rollback();
    throw error;
  }
}

interface WriteJob {
  readonly entry: ArchiveEntry;
  readonly file: FileHandle;
  /** Bytes of the files before this one. */
  readonly bytesBefore: number;
}

async function unpackFile(
  { entry, file, bytesBefore }: WriteJob,
  { name, preflight }: UnpackJob,
  signal: AbortSignal,
): Promise<number> {
  let bytes = bytesBefore;
  let sum = 0;
  async function* counted(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      bytes += chunk.length;
      sum = crc32(chunk, sum);
      // The headers were counted before, but headers can lie.
      if (bytes > preflight.maxBytes) throw tooLarge(name, preflight.maxBytes);
      yield chunk;
    }
  }
  const source = await entry.open().catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  await pipeline(source, counted, file.createWriteStream(), { signal });
  if (entry.crc32 !== 0 && entry.crc32 !== sum)
    throw rejectedArtifact(name, `entry ${quotedName(entry.name)} is damaged`);
  return bytes;
}

function tooLarge(name: string, maxBytes: number) {
  return rejectedArtifact(
    name,
    `unpacked it is larger than the limit of ${sizeText(maxBytes)} for an archive of its size`,
  );
}

/** A folder that files are put into and never beside: links in it are not followed. */
export interface TargetFolder {
  /** Whether it held something before. */
  readonly hadFiles: boolean;
  /** Creates a file, and its folders, in place of what is there. */
  createFile(segments: readonly string[], mode: number): Promise<FileHandle>;
  createFolder(segments: readonly string[]): Promise<void>;
  /** Keeps what was placed. Never rejects. */
  commit(): Promise<void>;
  /** Removes what was placed and puts back what it replaced, as far as possible. Never rejects. */
  rollback(): Promise<void>;
}

const missing = ignoreError("it does not exist");

const leftBehind = ignoreError("what cannot be undone stays");

/** Rejects where the path leads over a link in the workspace, or to where Git keeps its own files. */
export async function openTargetFolder(path: string, workspace: string): Promise<TargetFolder> {
  const root = resolve(workspace, path);
  await rejectLinks(root, await realpath(workspace), resolve(workspace));
  await rejectGitFolder(root);
  const hadFiles = (await readdir(root).catch(ignoreError("there is no such folder yet", []))).length > 0;
  const parent = dirname(root);
  const firstCreated = await mkdir(parent, { recursive: true });
  const createdFolders: string[] = [];
  const createdFiles: string[] = [];
  /** By the path where it was, where a replaced file is kept. */
  const replacedFiles = new Map<string, string>();
  let backupFolder: string | undefined;
  const existing = new Set<string>();

  async function ensureFolder(target: string): Promise<void> {
    if (existing.has(target)) return;
    if (await createFolderIfMissing(target)) createdFolders.push(target);
    existing.add(target);
  }
  async function createFolder(segments: readonly string[]): Promise<void> {
    for (let depth = 0; depth <= segments.length; depth += 1)
      await ensureFolder(join(root, ...segments.slice(0, depth)));
  }
  /** Moved, not copied: a link goes without what it leads to. */
  async function setAside(file: string): Promise<void> {
    const found = await lstat(file).catch(missing);
    if (found === undefined || createdFiles.includes(file)) return rm(file, { force: true });
    if (found.isDirectory()) throw new Error("a folder lies in the way of one of its files");
    backupFolder ??= await mkdtemp(join(parent, ".run-azure-pipeline-"));
    const backup = join(backupFolder, String(replacedFiles.size));
    await rename(file, backup);
    replacedFiles.set(file, backup);
  }
  async function removeBackups(): Promise<void> {
    if (backupFolder !== undefined)
      await rm(backupFolder, { recursive: true, force: true }).catch(leftBehind);
  }
  return {
    hadFiles,
    createFolder,
    async createFile(segments, mode) {
      await createFolder(segments.slice(0, -1));
      const file = join(root, ...segments);
      await setAside(file);
      // `wx`: what appears there in the meantime, from another step for one, is neither written through nor undone.
      const handle = await open(file, "wx", mode);
      createdFiles.push(file);
      return handle;
    },
    commit: removeBackups,
    async rollback() {
      for (const file of createdFiles) await rm(file, { force: true }).catch(leftBehind);
      for (const [file, backup] of replacedFiles) await rename(backup, file).catch(leftBehind);
      await removeBackups();
      for (const target of createdFolders.toReversed()) await rmdir(target).catch(leftBehind);
      if (firstCreated !== undefined) await removeEmptyFolders(parent, firstCreated);
    },
  };
}

/** Removes folders that are empty, from the innermost to the outermost. */
async function removeEmptyFolders(innermost: string, outermost: string): Promise<void> {
  for (let path = innermost; path.length >= outermost.length; path = dirname(path))
    await rmdir(path).catch(ignoreError("a folder that is not empty stays"));
}

/** Answers whether it was not there before. */
async function createFolderIfMissing(path: string): Promise<boolean> {
  const existing = await lstat(path).catch(missing);
  if (existing === undefined) {
    // Another step of the job may create the folder at the same time.
    return mkdir(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === "EEXIST") return createFolderIfMissing(path);
        throw error;
      },
    );
  }
  if (existing.isSymbolicLink()) throw new Error("a link lies in its way");
  if (!existing.isDirectory()) throw new Error("a file lies in the way of one of its folders");
  return false;
}

/** A checkout may hold links. Outside the workspace, the workflow's author has named the place. */
async function rejectLinks(root: string, realWorkspace: string, workspace: string): Promise<void> {
  const relativePath = relative(workspace, root);
  if (isAbsolute(relativePath) || relativePath === ".." || relativePath.startsWith(`..${sep}`)) return;
  let path = workspace;
  for (const segment of relativePath.split(sep)) {
    path = join(path, segment);
    const found = await lstat(path).catch(missing);
    if (found === undefined) return;
    if (!found.isSymbolicLink()) continue;
    const real = await realpath(path).catch(missing);
    const isInside = real === realWorkspace || real?.startsWith(realWorkspace + sep) === true;
    throw new Error(
      isInside ? "its folder is a link" : "its folder is a link that leads out of the workspace",
    );
  }
}

/** By the path that the file system resolves, whatever links and short names lead there. */
async function rejectGitFolder(root: string): Promise<void> {
  let existing = root;
  while ((await lstat(existing).catch(missing)) === undefined && dirname(existing) !== existing)
    existing = dirname(existing);
  const resolved = join(
    await realpath(existing).catch(ignoreError("nothing of the path exists", existing)),
    relative(existing, root),
  );
  const isInGitFolder =
    resolved.split(sep).some(isGitFolder) || (await findGitDirectory(resolved)) !== undefined;
  if (isInGitFolder) throw new Error("its folder lies where Git keeps its own files");
}

/** The folder at or above a path that Git would take for a repository's own, whatever it is called. */
async function findGitDirectory(path: string): Promise<string | undefined> {
  for (let folder = path; ; folder = dirname(folder)) {
    const marks = ["HEAD", "objects", "refs"].map((name) => lstat(join(folder, name)).catch(missing));
    if ((await Promise.all(marks)).every((found) => found !== undefined)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** Where a download or an archive stops being believed. */
export interface ArchiveLimits {
  /** Of one artifact, packed or unpacked. */
  readonly bytes: number;
  /** Files and folders in one archive. */
  readonly entries: number;
  /** How many times its packed size an archive may grow to, once it is larger than `ratioFrom`. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
}

const mebibyte = 1024 * 1024;

export const defaultLimits: ArchiveLimits = {
  bytes: 20 * 1024 * mebibyte,
  entries: 500_000,
  ratio: 200,
  ratioFromBytes: 256 * mebibyte,
};
