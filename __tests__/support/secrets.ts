import { expect } from "vitest";
import { defaultToken } from "../../runner-emulator/job.ts";
import type { ActionResult } from "../../runner-emulator/runner.ts";

interface SecretExpectations {
  /** Every secret of the test: from inputs, and tokens fetched during the step. */
  readonly secrets: Iterable<string>;
  /** Secrets that must not appear but need no mask, since the action never prints them: the machine's, or the proxy's. */
  readonly unmasked?: Iterable<string>;
  /** The state entry that holds the access token for the post step, and nothing else. */
  readonly storedTokenKey?: string;
}

/**
 * Searches everything that a step wrote: no secret appears outside `::add-mask::` commands, every secret is masked, and
 * nothing else is masked.
 */
export function expectSecretsMasked(
  { main, post }: Pick<ActionResult, "main" | "post">,
  { secrets, unmasked = [], storedTokenKey }: SecretExpectations,
): void {
  const allSecrets = [...secrets];
  for (const step of [main, post]) {
    if (step === undefined) continue;
    const { state: _, ...files } = step.written;
    const state = Object.entries(step.state).filter(([name]) => name !== storedTokenKey);
    const visibleLines = step.raw.split("\n").filter((line) => !line.startsWith("::add-mask::"));
    const locations = {
      raw: visibleLines.join("\n"),
      ...files,
      state: JSON.stringify(state),
      log: step.log,
      summary: step.summary,
      annotations: JSON.stringify(step.annotations),
      outputs: JSON.stringify(step.outputs),
    };
    const found = [...allSecrets, ...unmasked].flatMap((secret) =>
      encodedForms(secret).flatMap((form) =>
        Object.entries(locations).flatMap(([location, text]) =>
          text.includes(form) ? [`${location}: ${form}`] : [],
        ),
      ),
    );
    expect(found, step.log).toEqual([]);
  }
  const allowed = new Set(allSecrets.flatMap((secret) => [secret.trim(), basicCredentials(secret)]));
  allowed.add(defaultToken);
  for (const mask of [...main.masks, ...(post?.masks ?? [])]) expect([...allowed]).toContain(mask.trim());
  const masked = new Set(main.masks.map((mask) => mask.trim()));
  expect(allSecrets.filter((secret) => !masked.has(secret.trim()))).toEqual([]);
}

/** Each line of a secret, plain and in the usual encodings. */
function encodedForms(secret: string): string[] {
  const lines = secret.split(/[\r\n]+/).filter((line) => line.length > 3 && !line.startsWith("-----"));
  return lines.flatMap((line) => [
    line,
    basicCredentials(line),
    Buffer.from(line).toString("base64"),
    encodeURIComponent(line),
    new URLSearchParams([["", line]]).toString().slice(1),
    JSON.stringify(line).slice(1, -1),
  ]);
}

function basicCredentials(secret: string): string {
  return Buffer.from(`:${secret}`).toString("base64");
}

/** The masked assertions that a client certificate signed, from the masks of a step. */
export function clientAssertionsIn({ main }: Pick<ActionResult, "main">): readonly string[] {
  return main.masks.filter((mask) => Buffer.from(mask, "base64url").toString().includes('"x5t#S256"'));
}
