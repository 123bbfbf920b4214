import { Refusal } from "./refusals.ts";
import type { Call, Wrap } from "./send.ts";

/**
 * An older server refuses 7.1 and names its own maximum: from then on that is what is asked for, whoever asks. What it
 * knows as a preview only it wants to be asked for as one.
 */
export function steppingDown(asked: string): Wrap {
  let maximum: string | undefined;
  const lesser = (version: string): string =>
    maximum !== undefined && Number.parseFloat(version) > Number(maximum) ? maximum : version;
  const versionOf = ({ version }: Call): string =>
    version === undefined ? lesser(asked) : version.replace(/^\d+\.\d+/, lesser);
  return (send) =>
    async <T>(call: Call<T>) => {
      for (let version = versionOf(call); ; ) {
        try {
          return await send({ ...call, version });
        } catch (error) {
          maximum = maximumIn(error) ?? maximum;
          const next = wantsPreview(error, version) ? `${version}-preview` : versionOf(call);
          if (next === version || Number.parseFloat(next) > Number.parseFloat(version)) throw error;
          version = next;
        }
      }
    };
}

/** `The requested version "6.0" of the resource is under preview. The -preview flag must be supplied …` */
function wantsPreview(error: unknown, version: string): boolean {
  return isRefused(error, /^VssInvalidPreviewVersion/, /-preview flag\b/) && !version.includes("-");
}

/** `… is out of range for this server. The latest REST API version this server supports is 7.0.` The lesser is the server's. */
function maximumIn(error: unknown): string | undefined {
  if (!isRefused(error, /^VssVersionOutOfRange/, /\bREST API\b.*\bout of range\b/)) return undefined;
  const named = [...error.message.matchAll(/\d+\.\d+/g)].map(([version]) => version);
  return named.sort((a, b) => Number(a) - Number(b))[0];
}

/** By its key, in whatever language; by its words where a gateway has lost the key. */
function isRefused(error: unknown, key: RegExp, words: RegExp): error is Refusal {
  return error instanceof Refusal && (key.test(error.typeKey) || words.test(error.message));
}
