import { existsSync } from "node:fs";
import { readFile, realpath, stat } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { ActionError } from "../errors.ts";
import type { HttpResponse } from "../ports.ts";
import type { ManagedIdentityEndpoint } from "./identity-source.ts";

/** Where the Arc agent may leave its proofs. Anything else that an answer points at is not read. */
const challengeFolders: Readonly<Record<string, string | undefined>> = {
  linux: "/var/opt/azcmagent/tokens",
  win32: `${process.env["ProgramData"] ?? "C:\\ProgramData"}\\AzureConnectedMachineAgent\\Tokens`,
};
const maxChallengeFileBytes = 4_096;

const agentPrograms: Readonly<Record<string, string | undefined>> = {
  linux: "/opt/azcmagent/bin/himds",
  win32: `${process.env["ProgramFiles"] ?? "C:\\Program Files"}\\AzureConnectedMachineAgent\\himds.exe`,
};

interface ChallengeDeps {
  send(endpoint: ManagedIdentityEndpoint): Promise<HttpResponse>;
  mask(secret: string): void;
}

/** Whether the Arc agent is installed here: it does not tell every process so by its environment. */
export function hasArcAgent(program = agentPrograms[process.platform]): boolean {
  return program !== undefined && existsSync(program);
}

/**
 * Arc answers first with the name of a file that only members of its group can read: its text is the password.
 * https://learn.microsoft.com/azure/azure-arc/servers/managed-identity-authentication
 */
export async function answerChallenge(
  endpoint: ManagedIdentityEndpoint,
  challenge: HttpResponse,
  { send, mask }: ChallengeDeps,
  folder = challengeFolders[process.platform],
): Promise<HttpResponse> {
  const path = /^Basic realm=(.+)$/i
    .exec(challenge.headers["www-authenticate"] ?? "")?.[1]
    ?.replaceAll('"', "")
    .trim();
  if (path === undefined) throw unexpectedChallenge("asked for a proof without naming its file");
  const challengeSecret = await readChallengeFile(path, folder);
  if (challengeSecret !== "") mask(challengeSecret);
  return send({ ...endpoint, headers: { ...endpoint.headers, Authorization: `Basic ${challengeSecret}` } });
}

async function readChallengeFile(path: string, folder: string | undefined): Promise<string> {
  try {
    const realFile = await realpath(path);
    if (
      folder === undefined ||
      dirname(realFile) !== (await realpath(folder)) ||
      extname(realFile) !== ".key"
    ) {
      throw unexpectedChallenge("named a file that is not one of the agent's");
    }
    if ((await stat(realFile)).size > maxChallengeFileBytes)
      throw unexpectedChallenge("named a file that is too large");
    return (await readFile(realFile, "utf8")).trim();
  } catch (error) {
    if (error instanceof ActionError) throw error;
    throw new ActionError("unauthorized", "The proof that the Azure Arc agent asked for could not be read.", {
      hint: "Add the runner's user to the group `himds` (on Windows: `Hybrid agent extension applications`).",
      cause: error,
    });
  }
}

function unexpectedChallenge(problem: string): ActionError {
  return new ActionError("unauthorized", `The Azure Arc agent ${problem}.`, {
    hint: "Check that what listens at IDENTITY_ENDPOINT is the Azure Arc agent.",
  });
}
