import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { parseArtifactOutputs } from "../core/values.ts";
import type { ArtifactRef, ArtifactStore } from "../ports.ts";
import { rejectedArtifact } from "./faults.ts";
import { readOutputsFile } from "./outputs.ts";
import { saveDownload } from "./save.ts";
import { unpackArtifact } from "./unpack.ts";

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
