import { expect } from "vitest";
import type { ActionResult } from "../../runner-emulator/runner.ts";

export const token = "patPATpat4711patPATpat4711patPATpat4711patPATpat47";

/** Minimal inputs for pipeline 42. They set `ref`, so that the first request is the start. */
export function inputsFor(
  azure: { readonly organization: string },
  overrides: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return {
    organization: azure.organization,
    project: "web",
    "pipeline-id": "42",
    ref: "main",
    token,
    "poll-interval": "1s",
    ...overrides,
  };
}

/** Expects exactly one error annotation and returns its text. */
export function expectSingleError({ main }: Pick<ActionResult, "main">): string {
  const errors = main.annotations.filter(({ level }) => level === "error");
  expect(
    errors.map(({ message }) => message),
    main.log,
  ).toHaveLength(1);
  return errors[0]?.message ?? "";
}

/** Expects exit code 1, this error code and one error annotation, and returns the annotation's text. */
export function expectFailure(result: Pick<ActionResult, "main">, code: string): string {
  const { main } = result;
  expect([main.exitCode, main.outputs["error-code"]], main.log).toEqual([1, code]);
  expect(main.log).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  return expectSingleError(result);
}

/** Nothing that a step wrote contains the secret, except `::add-mask::` commands. */
export function expectSecretAbsent(
  { main, post }: Pick<ActionResult, "main" | "post">,
  secret: string,
): void {
  const forms = [
    secret,
    Buffer.from(`:${secret}`).toString("base64"),
    Buffer.from(secret).toString("base64"),
  ];
  for (const step of [main, post]) {
    if (step === undefined) continue;
    const raw = step.raw.split("\n").filter((line) => !line.startsWith("::add-mask::"));
    const leftovers = [raw.join("\n"), ...Object.values(step.written), JSON.stringify(step.annotations)].join(
      "\n",
    );
    for (const form of forms) expect(leftovers).not.toContain(form);
  }
}
