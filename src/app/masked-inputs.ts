import { secretInputs } from "../inputs/fields.ts";
import { type Inputs, readInputs } from "../inputs/inputs.ts";
import type { Runner } from "../ports.ts";

interface InputEnvironment {
  readonly runner: Pick<Runner, "mask">;
  readonly input: (name: string) => string;
}

/** Reads the inputs, and masks the secrets among them first. Main and post step mask the same. */
export async function readMaskedInputs({ runner, input }: InputEnvironment): Promise<Inputs> {
  for (const name of secretInputs) runner.mask(input(name));
  const inputs = await readInputs(input);
  for (const secret of Object.values(inputs.secretVariables ?? {})) runner.mask(secret);
  return inputs;
}
