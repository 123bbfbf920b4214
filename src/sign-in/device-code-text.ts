import type { Host } from "../ports.ts";

/** What a person needs to know to let the step in. */
export interface Invitation {
  readonly userCode: string;
  readonly address: string;
  readonly expiresAt: number;
}

/** Asks for the sign-in, in the log and in the summary. */
export async function invite(
  { userCode, address, expiresAt }: Invitation,
  host: Pick<Host, "write" | "summarize">,
): Promise<void> {
  const until = new Date(expiresAt).toISOString().slice(11, 16);
  const whose =
    "Whoever signs in starts the run in their own name: enter the code only if you started this workflow.";
  host.write([
    {
      type: "notice",
      title: "Waiting for a sign-in",
      text: `Open ${address} and enter the code ${userCode} before ${until} UTC. ${whose}`,
    },
  ]);
  const markdown = `### Waiting for a sign-in\n\nOpen ${linkTo(address)} and enter the code ${codeOf(userCode)} before ${until} UTC.\n\n${whose}\n`;
  await host.summarize(() => markdown);
}

// Both come from a server: nothing in them may become other markup.
function linkTo(address: string): string {
  const url = URL.parse(address);
  if (!url || !/^https?:$/.test(url.protocol)) return codeOf(address);
  return `<${url.href.replaceAll(/[<>\s]/g, encodeURIComponent)}>`;
}

function codeOf(text: string): string {
  return `\`${text.replaceAll(/[`\r\n]/g, " ").trim()}\``;
}
