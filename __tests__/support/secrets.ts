import { expect } from "vitest";
import { defaultToken } from "./job.ts";
import type { Result } from "./runner.ts";

interface Play {
  /** Every secret that was ever in play: inputs, and whatever was fetched. */
  readonly secrets: Iterable<string>;
  /** Those that the action never had to mask, since it never shows them: of the machine, or of the proxy. */
  readonly unmasked?: Iterable<string>;
  /** The entry of the state where the access token is kept for the post step, and nothing else. */
  readonly keptKey?: string;
}

/**
 * Searches all that a step left behind: no secret is anywhere but in the masking itself, which comes first, every one is
 * masked, and nothing else is.
 */
export function expectSecretsKept(
  { main, post }: Pick<Result, "main" | "post">,
  { secrets, unmasked = [], keptKey }: Play,
): void {
  const inPlay = [...secrets];
  for (const ran of [main, post]) {
    if (ran === undefined) continue;
    const { state: _, ...files } = ran.written;
    const state = Object.entries(ran.state).filter(([name]) => name !== keptKey);
    const shown = ran.raw.split("\n").filter((line) => !line.startsWith("::add-mask::"));
    const places = {
      raw: shown.join("\n"),
      ...files,
      state: JSON.stringify(state),
      log: ran.log,
      summary: ran.summary,
      annotations: JSON.stringify(ran.annotations),
      outputs: JSON.stringify(ran.outputs),
    };
    const found = [...inPlay, ...unmasked].flatMap((secret) =>
      formsOf(secret).flatMap((form) =>
        Object.entries(places).flatMap(([place, text]) => (text.includes(form) ? [`${place}: ${form}`] : [])),
      ),
    );
    expect(found, ran.log).toEqual([]);
  }
  const allowed = new Set(inPlay.flatMap((secret) => [secret.trim(), basicOf(secret)]));
  allowed.add(defaultToken);
  for (const mask of [...main.masks, ...(post?.masks ?? [])]) expect([...allowed]).toContain(mask.trim());
  const masked = new Set(main.masks.map((mask) => mask.trim()));
  expect(inPlay.filter((secret) => !masked.has(secret.trim()))).toEqual([]);
}

/** A secret, each line of it, and what encoders make of them. */
function formsOf(secret: string): string[] {
  const lines = secret.split(/[\r\n]+/).filter((line) => line.length > 3 && !line.startsWith("-----"));
  return lines.flatMap((line) => [
    line,
    basicOf(line),
    Buffer.from(line).toString("base64"),
    encodeURIComponent(line),
    JSON.stringify(line).slice(1, -1),
  ]);
}

function basicOf(secret: string): string {
  return Buffer.from(`:${secret}`).toString("base64");
}
