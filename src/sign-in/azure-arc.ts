import { existsSync } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { ActionError } from "../errors.ts";
import type { HttpAnswer } from "../ports.ts";
import type { IdentitySource } from "./identity-source.ts";

/** Where the Arc agent may leave its proofs. Anything else that an answer points at is not read. */
const tokenFolders: Readonly<Record<string, string | undefined>> = {
  linux: "/var/opt/azcmagent/tokens",
  win32: `${process.env["ProgramData"] ?? "C:\\ProgramData"}\\AzureConnectedMachineAgent\\Tokens`,
};
const largestProof = 4_096;

const agents: Readonly<Record<string, string | undefined>> = {
  linux: "/opt/azcmagent/bin/himds",
  win32: `${process.env["ProgramFiles"] ?? "C:\\Program Files"}\\AzureConnectedMachineAgent\\himds.exe`,
};

interface Desk {
  ask(source: IdentitySource): Promise<HttpAnswer>;
  mask(secret: string): void;
}

/** Whether the Arc agent is installed here: it does not tell every process so by its environment. */
export function hasArcAgent(program = agents[process.platform]): boolean {
  return program !== undefined && existsSync(program);
}

/**
 * Arc answers first with the name of a file that only members of its group can read: its text is the password.
 * https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export async function answerArc(
  source: IdentitySource,
  challenge: HttpAnswer,
  { ask, mask }: Desk,
  folder = tokenFolders[process.platform],
): Promise<HttpAnswer> {
  const path = /^Basic realm=(.+)$/i
    .exec(challenge.headers["www-authenticate"] ?? "")?.[1]
    ?.replaceAll('"', "")
    .trim();
  if (path === undefined) throw strange("asked for a proof without naming its file");
  const proof = await proofIn(path, folder);
  if (proof !== "") mask(proof);
  return ask({ ...source, headers: { ...source.headers, Authorization: `Basic ${proof}` } });
}

async function proofIn(path: string, folder: string | undefined): Promise<string> {
  try {
    const real = await realpath(path);
    if (folder === undefined || dirname(real) !== (await realpath(folder)) || extname(real) !== ".key") {
      throw strange("named a file that is not one of the agent's");
    }
    if ((await stat(real)).size > largestProof) throw strange("named a file that is too large");
    return (await readFile(real, "utf8")).trim();
  } catch (error) {
    if (error instanceof ActionError) throw error;
    throw new ActionError("unauthorized", "The proof that the Azure Arc agent asked for could not be read.", {
      hint: "Add the runner's user to the group `himds` (on Windows: `Hybrid agent extension applications`).",
      cause: error,
    });
  }
}

function strange(fault: string): ActionError {
  return new ActionError("unauthorized", `The Azure Arc agent ${fault}.`, {
    hint: "Check that what listens at IDENTITY_ENDPOINT is the Azure Arc agent.",
  });
}
