import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { sizeText } from "../core/size.ts";
import { diskError, rejectedArtifact } from "./faults.ts";
import { type ArchiveLimits, defaultLimits } from "./limits.ts";

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
