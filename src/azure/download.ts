import { backoffMs } from "../core/backoff.ts";
import { quotedName } from "../core/text.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { WantedArtifact } from "../ports.ts";
import { readSignedUrl } from "./artifacts.ts";
import { addressOf, type Means, type Place } from "./connect.ts";
import { follow, type Start } from "./follow.ts";
import { exhausted } from "./retry.ts";
import type { Call, Send } from "./send.ts";

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
          `Downloading artifact ${quotedName(wanted.artifact.name)}`,
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
  const [best, other] = await waysTo(downloading, wanted, signal);
  if (best === undefined) throw nothingIn(wanted);
  const { place, means } = downloading;
  const open = (way: Way) => follow(means, { ...way, base: place.base, name: wanted.artifact.name }, signal);
  const stream = await open(best).catch(async (error: unknown) => {
    if (other === undefined || !isRefusal(error)) throw error;
    return await open(other).catch((second: unknown) => {
      throw isRefusal(second) ? error : second;
    });
  });
  const size = Number(stream.headers["content-length"] ?? Number.NaN);
  return { chunks: stream.chunks, size: Number.isSafeInteger(size) ? size : undefined };
}

type Way = Pick<Start, "address" | "trusted">;

/** The best address first. What the listing names is as the server calls itself, which not every runner can reach. */
async function waysTo(
  downloading: Downloading,
  wanted: WantedArtifact,
  signal: AbortSignal,
): Promise<readonly Way[]> {
  const { kind, name, downloadUrl } = wanted.artifact;
  const listed = downloadUrl === undefined ? [] : [{ address: downloadUrl, trusted: true }];
  if (kind === "other") return [];
  if (kind === "container") {
    const call: Call = {
      method: "GET",
      path: `_apis/build/builds/${wanted.runId}/artifacts`,
      query: { artifactName: name, $format: "zip" },
      decode: () => undefined,
      doing: "Downloading an artifact",
      signal,
    };
    return [{ address: addressOf(call, downloading.place), trusted: true }, ...listed];
  }
  const signed = await signedUrl(downloading, wanted, signal);
  return signed === undefined ? listed : [{ address: signed, trusted: false }];
}

function nothingIn({ artifact: { name } }: WantedArtifact): ActionError {
  return new ActionError("not-found", `Artifact ${quotedName(name)} has nothing to download.`, {
    hint: "Publish it with the task PublishPipelineArtifact@1, or take it out of the list.",
  });
}

/** Preferred: it takes no token to the storage. An older server has none, and then there is the other address. */
async function signedUrl(
  { send }: Downloading,
  { artifact: { name, downloadUrl }, pipelineId, runId }: WantedArtifact,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (pipelineId === null) return undefined;
  try {
    return await readSignedUrl(send, { pipelineId, runId, name, patienceMs: signedPatienceMs }, signal);
  } catch (error) {
    if (isRefusal(error) && downloadUrl !== undefined) return undefined;
    throw error;
  }
}

/** Of the address, and not of whoever asks: another address may do. */
function isRefusal(error: unknown): boolean {
  return error instanceof ActionError && error.code !== "unauthorized";
}
