import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseEnv } from "node:util";
import { parseArtifactOutputs } from "../core/output-values.ts";
import { sizeText } from "../lib/text.ts";
import type { ArtifactRef, ArtifactStore } from "../ports.ts";
import { diskError, rejectedArtifact } from "./errors.ts";
import { readOutputsFile } from "./outputs-file.ts";
import { type ArchiveLimits, defaultLimits, unpackArtifact } from "./unpack.ts";

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
  /** For archives, until they are unpacked. */
  readonly tempFolder: string;
  readonly windows: boolean;
}

interface ArchiveReadOptions<T> {
  readonly read: (zip: string) => Promise<T>;
  readonly onWait: OnWait;
  readonly onProgress?: (bytes: number) => void;
}

/** Artifacts on this machine's disk: an archive is saved, read, and gone. */
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
    const folder = await mkdtemp(join(tempFolder, "run-azure-pipeline-"));
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
  /** Called for each chunk, with the bytes so far: who shows it decides how often. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/** Streams a download into a file, over what may be there; a file that is not whole is removed. */
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
    // A file that is still being opened would come into being after it was removed.
    await closed;
    await rm(file, { force: true });
    throw signal.aborted ? signal.reason : diskError(name, error);
  }
}
