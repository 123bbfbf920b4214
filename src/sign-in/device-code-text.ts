import type { Runner } from "../ports.ts";

/** What a person needs to know to let the step in. */
export interface DeviceCodePrompt {
  readonly userCode: string;
  readonly verificationUri: string;
  readonly expiresAt: number;
}

/** Asks for the sign-in, in the log and in the summary. */
export async function showPrompt(
  { userCode, verificationUri, expiresAt }: DeviceCodePrompt,
  runner: Pick<Runner, "write" | "addSummary">,
): Promise<void> {
  const expiryTime = new Date(expiresAt).toISOString().slice(11, 16);
  const warning =
    "Whoever signs in starts the run in their own name: enter the code only if you started this workflow.";
  runner.write([
    {
      type: "notice",
      title: "Waiting for a sign-in",
      text: `Open ${verificationUri} and enter the code ${userCode} before ${expiryTime} UTC. ${warning}`,
    },
  ]);
  const markdown = `### Waiting for a sign-in\n\nOpen ${markdownLink(verificationUri)} and enter the code ${markdownCode(userCode)} before ${expiryTime} UTC.\n\n${warning}\n`;
  await runner.addSummary(() => markdown);
}

// Both come from a server: nothing in them may become other markup.
function markdownLink(address: string): string {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) return markdownCode(address);
  return `<${url.href.replaceAll(/[<>\s]/g, encodeURIComponent)}>`;
}

function markdownCode(text: string): string {
  return `\`${text.replaceAll(/[`\r\n]/g, " ").trim()}\``;
}
