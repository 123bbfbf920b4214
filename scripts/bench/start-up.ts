import { errorReply, startRoute } from "../../__tests__/support/azure-responses.ts";
import { inputsFor, token } from "../../__tests__/support/scenario.ts";
import { scriptedAzure } from "../../__tests__/support/scripted-azure.ts";
import { bundleProgram, type Measurement, median, programPath, runBundle, runProgram } from "./process.ts";

const parameters = "environment: production\nregions: [westeurope, northeurope]\nversion: 1.10";

/** Parameters that only the YAML library can read. */
const blockParameters = "environment: production\nregions:\n  - westeurope\n  - northeurope\nversion: 1.10";

/** Medians of interleaved runs: milliseconds from the start of the process to the arrival of its first request. */
export async function measureStartUp(rounds: number) {
  const refused = errorReply(403, "AccessDeniedException", "no");
  await using azure = await scriptedAzure({ [startRoute]: refused, "GET build/definitions/42": refused });
  const api = `${azure.organization}/web/_apis`;
  const script = programPath("start.cjs");
  const [toolkit, toolkitWithYaml] = [
    await bundleProgram("toolkit.js"),
    await bundleProgram("toolkit-yaml.js"),
  ];
  const variables = {
    API: api,
    TOKEN: token,
    INPUT_API: api,
    INPUT_TOKEN: token,
    INPUT_PARAMETERS: parameters,
  };
  const variants = {
    script: () => runProgram(script, variables),
    toolkit: () => runProgram(toolkit, variables),
    toolkitWithYaml: () => runProgram(toolkitWithYaml, variables),
    plain: () => runBundle(inputsFor(azure)),
    usual: () => runBundle(inputsFor(azure, { ref: "", parameters })),
    usualWithYaml: () => runBundle(inputsFor(azure, { ref: "", parameters: blockParameters })),
  } satisfies Record<string, () => Promise<Measurement>>;
  const names = Object.keys(variants) as (keyof typeof variants)[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const requestsBefore = azure.requests.length;
      const { startedAt, stderr } = await variants[name]();
      const first = azure.requests[requestsBefore];
      if (first === undefined) throw new Error(`${name} sent no request: ${stderr}`);
      // The first round fills the disk cache.
      if (round > 0) times.get(name)?.push(first.at - startedAt);
    }
  }
  const middle = (name: keyof typeof variants) => median(times.get(name) ?? []);
  return {
    script: middle("script"),
    toolkit: middle("toolkit"),
    toolkitWithYaml: middle("toolkitWithYaml"),
    plain: middle("plain"),
    usual: middle("usual"),
    usualWithYaml: middle("usualWithYaml"),
  };
}
