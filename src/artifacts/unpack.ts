import { type FileHandle, stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { checkFolderName } from "../lib/paths.ts";
import { quotedName, sizeText } from "../lib/text.ts";
import type { SavedArtifact } from "../ports.ts";
import { diskError, rejectedArtifact } from "./errors.ts";
import { openTargetFolder, type TargetFolder } from "./target-folder.ts";
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
    rejectOnError(name, "its name cannot be used for a folder:", () => checkFolderName(name, windows));
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
