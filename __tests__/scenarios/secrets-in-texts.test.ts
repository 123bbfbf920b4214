import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import {
  buildJson,
  happyPath,
  pollRoute,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const secrets = {
  entra: "zX8Q~_h*7.fGh-1Lm2_Np3~Qr4St5Uv6Wx7Yz8",
  spaced: "correct  horse  battery  staple",
  hex: "1f3a5c7e9b0d2f4a6c8e",
  quoted: 'say "hunter2hunter2" \\ twice',
};

/** Eight characters of a secret in a row are enough to go on. */
function partsOf(secret: string): string[] {
  return Array.from({ length: secret.length - 7 }, (_, start) => secret.slice(start, start + 8)).filter(
    (part) => /[a-z0-9]{3}/i.test(part),
  );
}

describe("a secret variable that the run repeats", () => {
  it.each(Object.entries(secrets))("is in no part of log, summary and outputs: %s", async (_, secret) => {
    const cut = (length: number) => `${"x".repeat(length - 20)} ${secret} ${"y".repeat(400)}`;
    const [stage, ...rest] = timelineRecords("completed", "failed");
    const issues = [300, 485, 500, 3_990].map((length) => ({ type: "error", message: cut(length) }));
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: {
        body: buildJson("completed", {
          result: "failed",
          buildNumber: `run ${secret}`,
          parameters: JSON.stringify({ system: { value: secret } }),
        }),
      },
      [timelineRoute]: {
        body: {
          records: [
            { ...stage, name: cut(150) },
            ...rest.map((record) => ({ ...record, name: cut(200), issues })),
          ],
        },
      },
    });
    const { main } = await runAction(
      inputsFor(azure, { "secret-variables": JSON.stringify({ password: secret }) }),
    );
    expect(main.exitCode).toBe(1);
    const raw = main.raw.split("\n").filter((line) => !line.startsWith("::add-mask::"));
    const shown = [raw.join("\n"), JSON.stringify(main.annotations), ...Object.values(main.written)].join(
      "\n",
    );
    // As a reader sees it: without the escapes that Markdown and JSON put in between.
    const readable = shown.replaceAll(/\\|&#8203;|`/g, "");
    for (const part of partsOf(secret)) {
      expect(shown).not.toContain(part);
      expect(readable).not.toContain(part);
    }
  });
});
