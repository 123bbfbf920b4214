import type { IncomingMessage } from "node:http";
import * as http from "node:http";
import * as https from "node:https";

interface BrowserPage {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** A browser with what a sign-in needs: cookies, redirects, hidden fields. It resolves every host name to this machine. */
export function openBrowser(authority: string) {
  const cookies = new Map<string, string>();

  async function visit(url: string, form?: Readonly<Record<string, string>>): Promise<BrowserPage> {
    const body = form && new URLSearchParams(form).toString();
    const response = await sendRequest(url, body, {
      authority,
      cookie: [...cookies].map((pair) => pair.join("=")).join("; "),
    });
    for (const line of response.headers["set-cookie"] ?? []) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    const { location } = response.headers;
    if (location !== undefined) return visit(new URL(location, url).href);
    const chunks: Uint8Array[] = [];
    for await (const chunk of response) chunks.push(chunk as Uint8Array);
    return { url, status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") };
  }

  return { visit };
}

/** The hidden fields of a page's form. */
export function hiddenFields({ text }: BrowserPage): Readonly<Record<string, string>> {
  const fields = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  return Object.fromEntries(fields.map(([, name, value]) => [name, value]));
}

interface RequestOptions {
  readonly authority: string;
  readonly cookie: string;
}

function sendRequest(
  url: string,
  body: string | undefined,
  { authority, cookie }: RequestOptions,
): Promise<IncomingMessage> {
  const { protocol, hostname, port, pathname, search } = new URL(url);
  const options = {
    host: "127.0.0.1",
    servername: hostname,
    port,
    path: pathname + search,
    method: body === undefined ? "GET" : "POST",
    ca: authority,
    headers: {
      host: `${hostname}:${port}`,
      cookie,
      ...(body !== undefined && { "content-type": "application/x-www-form-urlencoded" }),
    },
  };
  return new Promise((resolve, reject) => {
    const request = protocol === "https:" ? https.request(options, resolve) : http.request(options, resolve);
    request.on("error", reject).end(body);
  });
}
