import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { checkFolderName } from "../core/entry-path.ts";
import { sizeText } from "../core/size.ts";
import { quotedName } from "../core/text.ts";
import { type ArchiveEntry, entriesOf } from "./archive.ts";
import { entrySegments, rejectOnError } from "./entry.ts";
import { diskError, rejectedArtifact } from "./faults.ts";
import { openTargetFolder, type TargetFolder } from "./folder.ts";
import { type ArchiveLimits, defaultLimits } from "./limits.ts";

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

export interface UnpackResult {
  readonly files: number;
  readonly bytes: number;
}

interface Preflight {
  /** The archive's own top folder of the artifact's name, which is not doubled. */
  readonly topFolder: string | undefined;
  /** What may become of it before it is a bomb. Bytes. */
  readonly maxBytes: number;
}

/**
 * Unpacks an artifact into a folder of its name. Every name is judged before anything is written, every byte is
 * counted as it is written; after a failure nothing of it is left.
 */
export async function unpackArtifact(options: UnpackOptions, signal: AbortSignal): Promise<UnpackResult> {
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

async function unpackInto(folder: TargetFolder, job: UnpackJob, signal: AbortSignal): Promise<UnpackResult> {
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
        { entry, file: await folder.prepareFile(segments), bytesBefore: bytes },
        job,
        signal,
      );
    }
    return { files, bytes };
  } catch (error) {
    await folder.rollback();
    throw error;
  }
}

interface WriteJob {
  readonly entry: ArchiveEntry;
  readonly file: string;
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
  // `wx`: what appears there in the meantime is not written through.
  const mode = entry.executable ? 0o755 : 0o644;
  await pipeline(await entry.open(), counted, createWriteStream(file, { flags: "wx", mode }), { signal });
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
