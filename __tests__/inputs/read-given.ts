import { expect } from "vitest";
import { ActionError } from "../../src/errors.ts";
import { readInputs } from "../../src/inputs/inputs.ts";

type Given = Readonly<Record<string, string>>;

export const minimalInputs = {
  organization: "contoso",
  project: "web",
  "pipeline-id": "42",
  token: "t".repeat(20),
};

export const readGiven = (given: Given) => readInputs((name) => given[name] ?? "");

export async function inputErrorMessage(given: Given): Promise<string> {
  const error = await readGiven(given).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ActionError);
  expect(error).toMatchObject({ code: "bad-input", hint: expect.any(String) });
  return (error as ActionError).message;
}
