import { expect } from "vitest";
import { ActionError } from "../../src/errors.ts";
import { readInputs } from "../../src/inputs/inputs.ts";

type Given = Readonly<Record<string, string>>;

export const least = { organization: "contoso", project: "web", "pipeline-id": "42", token: "t".repeat(20) };

export const read = (given: Given) => readInputs((name) => given[name] ?? "");

export async function mistakesIn(given: Given): Promise<string> {
  const error = await read(given).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ActionError);
  expect(error).toMatchObject({ code: "bad-input", hint: expect.any(String) });
  return (error as ActionError).message;
}
