import { backoffMs } from "../core/backoff.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { WantedArtifact } from "../ports.ts";
import { readSignedUrl } from "./artifacts.ts";
import type { Means, Place } from "./connect.ts";
import { follow } from "./follow.ts";
import { exhausted } from "./retry.ts";
import type { Send } from "./send.ts";

/** How often a download that breaks off is begun again, at most. */
const mostTries = 5;
/** There is another address. */
const signedPatienceMs = 8_000;

export interface Downloading {
  readonly place: Place;
  readonly means: Means;
  readonly send: Send;
}

/** An archive as it comes. */
export interface Download {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Of the archive. Bytes, where the server says. */
  readonly size: number | undefined;
}

/**
 * Downloads an artifact as a zip into a sink. After a failure in passing the sink is called again, with everything
 * from the beginning. The service's token goes to the organization's own hosts, and never behind a redirect.
 */
export async function downloadArtifact(
  downloading: Downloading,
  wanted: WantedArtifact,
  sink: (download: Download) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random } = downloading.means;
  const start = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await sink(await openArtifact(downloading, wanted, signal));
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      const spent = clock.now() - start;
      if (attempt >= mostTries)
        throw exhausted(
          `Downloading artifact ${JSON.stringify(wanted.artifact.name)}`,
          error,
          Math.max(spent, 1_000),
        );
      await clock.sleep(Math.max(error.retryAfterMs ?? 0, backoffMs(attempt, random())), signal);
    }
  }
}

async function openArtifact(
  downloading: Downloading,
  wanted: WantedArtifact,
  signal: AbortSignal,
): Promise<Download> {
  const signed = await signedUrl(downloading, wanted, signal);
  const address = signed ?? wanted.artifact.downloadUrl;
  if (address === undefined || wanted.artifact.kind === "other") {
    throw new ActionError(
      "not-found",
      `Artifact ${JSON.stringify(wanted.artifact.name)} has nothing to download.`,
      {
        hint: "Publish it with the task PublishPipelineArtifact@1, or take it out of the list.",
      },
    );
  }
  const { place, means } = downloading;
  const start = { address, base: place.base, name: wanted.artifact.name, trusted: signed === undefined };
  const stream = await follow(means, start, signal);
  const size = Number(stream.headers["content-length"] ?? Number.NaN);
  return { chunks: stream.chunks, size: Number.isSafeInteger(size) ? size : undefined };
}

/** Preferred: it takes no token to the storage. An older server has none, and then there is the other address. */
async function signedUrl(
  { send }: Downloading,
  { artifact: { kind, name, downloadUrl }, pipelineId, runId }: WantedArtifact,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (kind !== "pipeline" || pipelineId === null) return undefined;
  try {
    return await readSignedUrl(send, { pipelineId, runId, name, patienceMs: signedPatienceMs }, signal);
  } catch (error) {
    const isRefusal = error instanceof ActionError && error.code !== "unauthorized";
    if (isRefusal && downloadUrl !== undefined) return undefined;
    throw error;
  }
}
