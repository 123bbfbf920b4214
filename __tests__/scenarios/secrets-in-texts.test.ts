import { describe, expect, it } from "vitest";
import { runAction, type StepResult, startAction } from "../../runner-emulator/runner.ts";
import {
  buildJson,
  errorReply,
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

/** Eight consecutive characters of a secret count as a leak. */
function partsOf(secret: string): string[] {
  return Array.from({ length: secret.length - 7 }, (_, start) => secret.slice(start, start + 8)).filter(
    (part) => /[a-z0-9]{3}/i.test(part),
  );
}

function expectHidden({ raw, annotations, written }: StepResult, secret: string): void {
  const lines = raw.split("\n").filter((line) => !line.startsWith("::add-mask::"));
  const shown = [lines.join("\n"), JSON.stringify(annotations), ...Object.values(written)].join("\n");
  // As a reader sees it: without the escapes that Markdown and JSON put in between.
  const readable = shown.replaceAll(/\\|&#8203;|`/g, "");
  for (const part of partsOf(secret)) {
    expect(shown).not.toContain(part);
    expect(readable).not.toContain(part);
  }
}

describe("a secret variable that the run prints", () => {
  it.each(Object.entries(secrets))("appears nowhere in log, summary and outputs: %s", async (_, secret) => {
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
    expectHidden(main, secret);
  });

  it("is not in the log of the post step after a kill", async () => {
    const refusal = errorReply(
      403,
      "AccessDeniedException",
      `TF215106: ${secrets.entra} may not stop builds.`,
    );
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: { body: buildJson("inProgress", { buildNumber: `run ${secrets.entra}` }) },
      "PATCH build/builds/345": refusal,
    });
    const inputs = { "secret-variables": JSON.stringify({ password: secrets.entra }) };
    await using action = startAction(inputsFor(azure, inputs));
    await azure.waitForRequest(/^GET build/);
    action.kill();
    const { post } = await action.done;
    expect(post?.log).toMatch(/could not be cancelled .*may not stop builds/);
    if (post !== undefined) expectHidden(post, secrets.entra);
  });
});
