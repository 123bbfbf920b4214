import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseEnv } from "node:util";
import { parseArtifactOutputs } from "../core/output-values.ts";
import { type ActionError, RunnerError, reasonOf } from "../errors.ts";
import { listed, quotedName, sizeText } from "../lib/text.ts";
import type { ArtifactRef, ArtifactStore } from "../ports.ts";
import { diskError, rejectedArtifact } from "./errors.ts";
import { type ArchiveLimits, defaultLimits, unpackArtifact } from "./unpack.ts";
import { type ArchiveEntry, entriesOf, entrySegments } from "./zip.ts";

type OnWait = Parameters<ArtifactStore["readOutputs"]>[1]["onWait"];

interface ArtifactStoreDeps {
  readonly download: (
    ref: ArtifactRef,
    options: {
      readonly sink: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
      readonly onWait: OnWait;
    },
    signal: AbortSignal,
  ) => Promise<void>;
  readonly workspace: string;
  /** The folder for archives until they are unpacked. */
  readonly tempFolder: string;
  readonly windows: boolean;
}

interface ArchiveReadOptions<T> {
  readonly read: (zip: string) => Promise<T>;
  readonly onWait: OnWait;
  readonly onProgress?: (bytes: number) => void;
}

/** Artifacts on this machine's disk. Archives are saved, read and removed. */
export function createDiskArtifactStore({
  download,
  workspace,
  tempFolder,
  windows,
}: ArtifactStoreDeps): ArtifactStore {
  async function withArchive<T>(
    ref: ArtifactRef,
    { read, onWait, onProgress }: ArchiveReadOptions<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const folder = await mkdtemp(join(tempFolder, "run-azure-pipeline-")).catch((error: unknown) => {
      throw new RunnerError(`An artifact could not be stored on the runner: ${reasonOf(error)}.`, error);
    });
    try {
      const { name } = ref.artifact;
      const file = join(folder, "artifact.zip");
      const sink = (chunks: AsyncIterable<Uint8Array>) =>
        saveDownload(chunks, { name, file, onProgress }, signal);
      await download(ref, { sink, onWait }, signal);
      return await read(file);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  return {
    save: (ref, { into, ...callbacks }, signal) => {
      const { name } = ref.artifact;
      const read = (zip: string) => unpackArtifact({ name, zip, into, workspace, windows }, signal);
      return withArchive(ref, { read, ...callbacks }, signal);
    },
    readOutputs: async (ref, callbacks, signal) => {
      const { name } = ref.artifact;
      const read = (zip: string) => readOutputsFile({ name, zip, windows });
      const file = await withArchive(ref, { read, ...callbacks }, signal);
      try {
        return parseArtifactOutputs(file.name, file.text, parseEnv);
      } catch (error) {
        throw rejectedArtifact(name, error instanceof Error ? error.message : String(error), error);
      }
    },
  };
}

interface SaveOptions {
  /** The artifact's name. */
  readonly name: string;
  readonly file: string;
  readonly limits?: ArchiveLimits;
  /** Called for each chunk, with the bytes so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Streams a download into a file, which is replaced if it exists; an incomplete file is removed. */
export async function saveDownload(
  chunks: AsyncIterable<Uint8Array>,
  { name, file, limits = defaultLimits, onProgress }: SaveOptions,
  signal: AbortSignal,
): Promise<void> {
  let bytes = 0;
  async function* counted() {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > limits.bytes)
        throw rejectedArtifact(name, `it is larger than the limit of ${sizeText(limits.bytes)}`);
      onProgress?.(bytes);
      yield chunk;
    }
  }
  const target = createWriteStream(file);
  const closed = new Promise<void>((resolve) => target.once("close", resolve));
  try {
    await pipeline(counted, target, { signal });
  } catch (error) {
    // A file that is still being opened would be created after its removal.
    await closed;
    await rm(file, { force: true });
    throw signal.aborted ? signal.reason : diskError(name, error);
  }
}

/** GitHub's limit for a job. */
const maxOutputsBytes = 1024 * 1024;

export interface OutputsFile {
  /** The file's name without folders. */
  readonly name: string;
  readonly text: string;
}

interface OutputsArchive {
  /** The artifact's name. */
  readonly name: string;
  readonly zip: string;
  readonly windows: boolean;
}

/** Reads the only file of an outputs artifact. */
export async function readOutputsFile({ name, zip, windows }: OutputsArchive): Promise<OutputsFile> {
  try {
    const names = await fileNames(zip);
    if (names.length > 1) throw multipleFiles(name, names);
    for await (const entry of entriesOf(zip)) {
      const path = entrySegments(name, entry, windows);
      if (entry.type !== "folder") return { name: path.at(-1) ?? "", text: await readEntryText(name, entry) };
    }
    throw rejectedArtifact(name, "it contains no file, but must contain one with the outputs");
  } catch (error) {
    throw diskError(name, error);
  }
}

async function fileNames(zip: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of entriesOf(zip)) {
    if (entry.type !== "folder") names.push(entry.name);
    if (names.length > 100) break;
  }
  return names;
}

async function readEntryText(artifact: string, entry: ArchiveEntry): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of (await entry.open()) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxOutputsBytes)
      throw rejectedArtifact(artifact, `its file is larger than the limit of ${sizeText(maxOutputsBytes)}`);
    parts.push(chunk);
  }
  return decodeText(Buffer.concat(parts));
}

/** PowerShell on Windows writes UTF-16 by default. */
function decodeText(content: Buffer): string {
  const utf16 = content[0] === 0xff && content[1] === 0xfe;
  return new TextDecoder(utf16 ? "utf-16le" : "utf-8").decode(content);
}

function multipleFiles(artifact: string, names: readonly string[]): ActionError {
  const list = listed(names.map(quotedName), 5);
  return rejectedArtifact(
    artifact,
    `it contains several files (${list}), but must contain one with the outputs`,
  );
}
