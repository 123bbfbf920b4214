import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { outputsOfArtifact } from "../core/values.ts";
import type { ArtifactStore, WantedArtifact } from "../ports.ts";
import { refused } from "./faults.ts";
import { readOutputsFile } from "./outputs.ts";
import { saveDownload } from "./save.ts";
import { unpackArtifact } from "./unpack.ts";

type OnWait = Parameters<ArtifactStore["outputs"]>[1]["onWait"];

interface Means {
  readonly download: (
    wanted: WantedArtifact,
    taking: {
      readonly sink: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
      readonly onWait: OnWait;
    },
    signal: AbortSignal,
  ) => Promise<void>;
  readonly workspace: string;
  /** For archives, until they are unpacked. */
  readonly temporary: string;
  readonly windows: boolean;
}

interface Fetching<T> {
  readonly read: (zip: string) => Promise<T>;
  readonly onWait: OnWait;
  readonly onProgress?: (bytes: number) => void;
}

/** Artifacts on this machine's disk: an archive is saved, read, and gone. */
export function artifactStore({ download, workspace, temporary, windows }: Means): ArtifactStore {
  async function withArchive<T>(
    wanted: WantedArtifact,
    { read, onWait, onProgress }: Fetching<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const folder = await mkdtemp(join(temporary, "run-azure-pipeline-"));
    try {
      const { name } = wanted.artifact;
      const file = join(folder, "artifact.zip");
      const sink = (chunks: AsyncIterable<Uint8Array>) =>
        saveDownload(chunks, { name, file, onProgress }, signal);
      await download(wanted, { sink, onWait }, signal);
      return await read(file);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  return {
    save: (wanted, { into, ...told }, signal) => {
      const { name } = wanted.artifact;
      const read = (zip: string) => unpackArtifact({ name, zip, into, workspace, windows }, signal);
      return withArchive(wanted, { read, ...told }, signal);
    },
    outputs: async (wanted, told, signal) => {
      const { name } = wanted.artifact;
      const read = (zip: string) => readOutputsFile({ name, zip, windows });
      const file = await withArchive(wanted, { read, ...told }, signal);
      try {
        return outputsOfArtifact(file.name, file.text, parseEnv);
      } catch (error) {
        throw refused(name, error instanceof Error ? error.message : String(error), error);
      }
    },
  };
}
