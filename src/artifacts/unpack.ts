import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import { checkFolderName } from "../core/entry-path.ts";
import { sizeText } from "../core/size.ts";
import { quotedName } from "../core/text.ts";
import { type ArchiveEntry, entriesOf } from "./archive.ts";
import { judge, pathOf } from "./entry.ts";
import { diskFault, refused } from "./faults.ts";
import { type Folder, openFolder } from "./folder.ts";
import { type Limits, usualLimits } from "./limits.ts";

export interface Unpacking {
  /** The artifact's name: its folder below `into`. */
  readonly name: string;
  readonly zip: string;
  readonly into: string;
  /** What `into` is relative to; links may not lead out of it. */
  readonly workspace: string;
  readonly windows: boolean;
  readonly limits?: Limits;
}

export interface Unpacked {
  readonly files: number;
  readonly bytes: number;
}

interface Survey {
  /** The archive's own top folder of the artifact's name, which is not doubled. */
  readonly top: string | undefined;
  /** What may become of it before it is a bomb. Bytes. */
  readonly allowed: number;
}

/**
 * Unpacks an artifact into a folder of its name. Every name is judged before anything is written, every byte is
 * counted as it is written; after a failure nothing of it is left.
 */
export async function unpackArtifact(unpacking: Unpacking, signal: AbortSignal): Promise<Unpacked> {
  const { name, into, workspace, windows } = unpacking;
  try {
    judge(name, "its name cannot be a folder's, because", () => checkFolderName(name, windows));
    const survey = await surveyOf(unpacking, signal);
    const folder = await openFolder(join(into, name), workspace);
    return await unpackInto(folder, { ...unpacking, survey }, signal);
  } catch (error) {
    throw signal.aborted ? signal.reason : diskFault(name, error);
  }
}

async function surveyOf({ name, zip, windows, limits = usualLimits }: Unpacking, signal: AbortSignal) {
  let count = 0;
  let bytes = 0;
  let doubled = true;
  for await (const entry of entriesOf(zip)) {
    signal.throwIfAborted();
    count += 1;
    bytes += entry.size;
    if (count > limits.entries)
      throw refused(name, `it holds more entries than the limit of ${limits.entries}`);
    const segments = pathOf(name, entry, windows);
    doubled &&= segments[0] === name && (segments.length > 1 || entry.type === "folder");
  }
  const allowed = await allowedBytes(zip, limits);
  if (bytes > allowed) throw tooLarge(name, allowed);
  return { top: doubled ? name : undefined, allowed } satisfies Survey;
}

async function allowedBytes(zip: string, limits: Limits): Promise<number> {
  const { size } = await stat(zip);
  return Math.min(limits.bytes, Math.max(limits.ratioFrom, size * limits.ratio));
}

interface Task extends Unpacking {
  readonly survey: Survey;
}

async function unpackInto(folder: Folder, task: Task, signal: AbortSignal): Promise<Unpacked> {
  let files = 0;
  let bytes = 0;
  try {
    await folder.folder([]);
    for await (const entry of entriesOf(task.zip)) {
      signal.throwIfAborted();
      const segments = pathOf(task.name, entry, task.windows).slice(task.survey.top === undefined ? 0 : 1);
      if (entry.type === "folder") {
        await folder.folder(segments);
        continue;
      }
      files += 1;
      bytes = await unpackFile({ entry, file: await folder.place(segments), before: bytes }, task, signal);
    }
    return { files, bytes };
  } catch (error) {
    await folder.undo();
    throw error;
  }
}

interface Target {
  readonly entry: ArchiveEntry;
  readonly file: string;
  /** Bytes of the files before this one. */
  readonly before: number;
}

async function unpackFile(
  { entry, file, before }: Target,
  { name, survey }: Task,
  signal: AbortSignal,
): Promise<number> {
  let bytes = before;
  let sum = 0;
  async function* counted(source: AsyncIterable<Buffer>) {
    for await (const chunk of source) {
      bytes += chunk.length;
      sum = crc32(chunk, sum);
      // The headers were counted before, but headers can lie.
      if (bytes > survey.allowed) throw tooLarge(name, survey.allowed);
      yield chunk;
    }
  }
  // `wx`: what appears there in the meantime is not written through.
  const mode = entry.executable ? 0o755 : 0o644;
  await pipeline(await entry.open(), counted, createWriteStream(file, { flags: "wx", mode }), { signal });
  if (entry.crc32 !== 0 && entry.crc32 !== sum)
    throw refused(name, `entry ${quotedName(entry.name)} is damaged`);
  return bytes;
}

function tooLarge(name: string, allowed: number) {
  return refused(
    name,
    `unpacked it is larger than the limit of ${sizeText(allowed)} for an archive of its size`,
  );
}
