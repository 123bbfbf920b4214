import { backoffMs } from "../core/backoff.ts";
import { quotedName } from "../core/text.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { HttpStream, WantedArtifact } from "../ports.ts";
import { readSignedUrl } from "./artifacts.ts";
import { addressOf, type Service } from "./connect.ts";
import { doing, follow, type Start } from "./follow.ts";
import { exhausted, restless } from "./retry.ts";
import type { Send } from "./send.ts";
import { opening } from "./stream.ts";

/** How often a download that breaks off is begun again, at most. */
const mostTries = 5;
/** The run is over, and no `timeout` bounds what comes after it: a longer rest is not waited for. Milliseconds. */
const longestWaitMs = 60_000;
/** There is another address. */
const signedPatienceMs = 8_000;

export interface Downloading {
  readonly service: Service;
  readonly send: Send;
}

export interface Taking {
  /** Takes the archive as it comes. */
  readonly sink: (chunks: AsyncIterable<Uint8Array>) => Promise<void>;
  /** Called before a wait: for how long, in milliseconds, and why. */
  readonly onWait?: ((waitMs: number, why: string) => void) | undefined;
}

/**
 * Downloads an artifact as a zip into a sink. After a failure in passing the sink is called again, with everything
 * from the beginning. The service's token goes to the organization's own hosts, and never behind a redirect.
 */
export async function downloadArtifact(
  downloading: Downloading,
  wanted: WantedArtifact,
  { sink, onWait }: Taking,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random } = downloading.service;
  const what = doing(wanted.artifact);
  const onRest = (restMs: number) => onWait?.(restMs, "the service asked for a rest");
  const start = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { chunks } = await openArtifact(downloading, { wanted, onRest }, signal);
      return await sink(chunks);
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      const wishMs = error.retryAfterMs ?? 0;
      if (attempt >= mostTries) throw exhausted(what, error, Math.max(clock.now() - start, 1_000));
      if (wishMs > longestWaitMs) throw restless(what, error, wishMs);
      const waitMs = Math.max(wishMs, backoffMs(attempt, random()));
      onWait?.(waitMs, error.message);
      await clock.sleep(waitMs, signal);
    }
  }
}

interface Opening extends Pick<Start, "onRest"> {
  readonly wanted: WantedArtifact;
}

async function openArtifact(
  downloading: Downloading,
  { wanted, onRest }: Opening,
  signal: AbortSignal,
): Promise<HttpStream> {
  const [best, other] = await waysTo(downloading, wanted, signal);
  if (best === undefined) throw nothingIn(wanted);
  const open = (way: Way) =>
    openWay(downloading.service, way, { name: wanted.artifact.name, onRest }, signal);
  return await open(best).catch(async (error: unknown) => {
    if (other === undefined || !isRefusal(error)) throw error;
    return await open(other).catch((second: unknown) => {
      throw isRefusal(second) ? error : second;
    });
  });
}

/** Where an archive may be had: from the API itself, from an address that the listing names, from a signed one. */
type Way =
  | { readonly by: "api"; readonly path: string; readonly query: Readonly<Record<string, string>> }
  | { readonly by: "listing" | "signature"; readonly address: string };

/** What is the service's own understands the sign-in and the version like any other question. */
async function openWay(
  service: Service,
  way: Way,
  start: Pick<Start, "name" | "onRest">,
  signal: AbortSignal,
): Promise<HttpStream> {
  if (way.by === "signature") {
    return await follow(service, { ...start, address: way.address, trusted: false }, signal);
  }
  const [path, query] = way.by === "api" ? [way.path, way.query] : ["", {}];
  const open = opening(service, (call) => {
    const address = way.by === "api" ? addressOf(call, service.place) : way.address;
    return follow(service, { ...start, address, trusted: true }, signal);
  });
  return await open({ path, query, doing: doing(start), signal });
}

/** The best way first. What the listing names is as the server calls itself, which not every runner can reach. */
async function waysTo(
  downloading: Downloading,
  wanted: WantedArtifact,
  signal: AbortSignal,
): Promise<readonly Way[]> {
  const { kind, name, downloadUrl } = wanted.artifact;
  const listed: Way[] = downloadUrl === undefined ? [] : [{ by: "listing", address: downloadUrl }];
  if (kind === "other") return [];
  if (kind === "container") {
    const path = `_apis/build/builds/${wanted.runId}/artifacts`;
    return [{ by: "api", path, query: { artifactName: name, $format: "zip" } }, ...listed];
  }
  const signed = await signedUrl(downloading, wanted, signal);
  return signed === undefined ? listed : [{ by: "signature", address: signed }];
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
