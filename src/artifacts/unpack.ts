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
  /** The base of `into`, which links must not leave. */
  readonly workspace: string;
  readonly windows: boolean;
  readonly limits?: ArchiveLimits;
}

interface Preflight {
  /** Whether the archive has a top folder with the artifact's name, which is removed. */
  readonly topFolder: string | undefined;
  /** The size above which the archive is rejected as a zip bomb. Bytes. */
  readonly maxBytes: number;
}

/**
 * Unpacks an artifact into a folder with its name. All names are checked before anything is written, and the written bytes
 * are counted. After a failure, its files are removed, and replaced files are restored.
 */
export async function unpackArtifact(options: UnpackOptions, signal: AbortSignal): Promise<SavedArtifact> {
  const { name, into, workspace, windows } = options;
  try {
    rejectOnError(name, "its name cannot be that of a folder, because", () => checkFolderName(name, windows));
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
      throw rejectedArtifact(name, `it contains more entries than the limit of ${limits.entries}`);
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
  /** The bytes of the files before this one. */
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
      // The sizes in the headers were checked before, but they can be wrong.
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

/** A folder for files, which never leave it: links in it are not followed. */
export interface TargetFolder {
  /** Whether it contained files before. */
  readonly hadFiles: boolean;
  /** Creates a file and its folders, and replaces an existing file. */
  createFile(segments: readonly string[], mode: number): Promise<FileHandle>;
  createFolder(segments: readonly string[]): Promise<void>;
  /** Keeps the new files. Never rejects. */
  commit(): Promise<void>;
  /** Removes the new files and restores the replaced ones, as far as possible. Never rejects. */
  rollback(): Promise<void>;
}

const missing = ignoreError("it does not exist");

const leftBehind = ignoreError("what cannot be undone remains");

/** Rejects if the path contains a link in the workspace, or leads into a Git folder. */
export async function openTargetFolder(path: string, workspace: string): Promise<TargetFolder> {
  const root = resolve(workspace, path);
  await rejectLinks(root, await realpath(workspace), resolve(workspace));
  await rejectGitFolder(root);
  const hadFiles = (await readdir(root).catch(ignoreError("there is no such folder yet", []))).length > 0;
  const parent = dirname(root);
  const firstCreated = await mkdir(parent, { recursive: true });
  const createdFolders: string[] = [];
  const createdFiles: string[] = [];
  /** The backups of replaced files by their original paths. */
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
  /** Moved, not copied, so that a link is moved without its target. */
  async function setAside(file: string): Promise<void> {
    const found = await lstat(file).catch(missing);
    if (found === undefined || createdFiles.includes(file)) return rm(file, { force: true });
    if (found.isDirectory()) throw new Error("a folder has the path of one of its files");
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
      // `wx`: a file that another step creates in the meantime is neither overwritten nor removed.
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

/** Removes empty folders, from the innermost to the outermost. */
async function removeEmptyFolders(innermost: string, outermost: string): Promise<void> {
  for (let path = innermost; path.length >= outermost.length; path = dirname(path))
    await rmdir(path).catch(ignoreError("a folder that is not empty remains"));
}

/** Returns whether it was created. */
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
  if (existing.isSymbolicLink()) throw new Error("its path contains a link");
  if (!existing.isDirectory()) throw new Error("a file has the path of one of its folders");
  return false;
}

/** A checkout may contain links. Outside the workspace, the workflow's author has chosen the path. */
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

/** Checks the resolved path, after links and short names. */
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
  if (isInGitFolder) throw new Error("its folder is inside a Git folder");
}

/** The folder at or above a path that Git would treat as the folder of a repository, regardless of its name. */
async function findGitDirectory(path: string): Promise<string | undefined> {
  for (let folder = path; ; folder = dirname(folder)) {
    const marks = ["HEAD", "objects", "refs"].map((name) => lstat(join(folder, name)).catch(missing));
    if ((await Promise.all(marks)).every((found) => found !== undefined)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** The limits of a download or an archive. */
export interface ArchiveLimits {
  /** The size of one artifact, packed or unpacked. */
  readonly bytes: number;
  /** The number of files and folders in one archive. */
  readonly entries: number;
  /** The maximum ratio of unpacked to packed size, for archives that are larger than `ratioFrom`. */
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
