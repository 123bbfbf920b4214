import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { outputsOfArtifact } from "../core/values.ts";
import type { ArtifactStore, WantedArtifact } from "../ports.ts";
import { refused } from "./faults.ts";
import { readOutputsFile } from "./outputs.ts";
import { saveDownload } from "./save.ts";
import { unpackArtifact } from "./unpack.ts";

type Incoming = Parameters<typeof saveDownload>[0];

interface Means {
  readonly download: (
    wanted: WantedArtifact,
    sink: (download: Incoming) => Promise<void>,
    signal: AbortSignal,
  ) => Promise<void>;
  readonly workspace: string;
  /** For archives, until they are unpacked. */
  readonly temporary: string;
  readonly windows: boolean;
}

/** Artifacts on this machine's disk: an archive is saved, read, and gone. */
export function artifactStore({ download, workspace, temporary, windows }: Means): ArtifactStore {
  async function withArchive<T>(
    wanted: WantedArtifact,
    { read, onProgress }: { read: (zip: string) => Promise<T>; onProgress?: (bytes: number) => void },
    signal: AbortSignal,
  ): Promise<T> {
    const folder = await mkdtemp(join(temporary, "run-azure-pipeline-"));
    try {
      const { name } = wanted.artifact;
      const file = join(folder, "artifact.zip");
      const report = ({ bytes }: { bytes: number }) => onProgress?.(bytes);
      await download(
        wanted,
        (incoming) => saveDownload(incoming, { name, file, onProgress: report }, signal),
        signal,
      );
      return await read(file);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  return {
    save: (wanted, { into, onProgress }, signal) => {
      const { name } = wanted.artifact;
      const read = (zip: string) => unpackArtifact({ name, zip, into, workspace, windows }, signal);
      return withArchive(wanted, { read, onProgress }, signal);
    },
    outputs: async (wanted, signal) => {
      const { name } = wanted.artifact;
      const file = await withArchive(
        wanted,
        { read: (zip) => readOutputsFile({ name, zip, windows }) },
        signal,
      );
      try {
        return outputsOfArtifact(file.name, file.text, parseEnv);
      } catch (error) {
        throw refused(name, error instanceof Error ? error.message : String(error), error);
      }
    },
  };
}
