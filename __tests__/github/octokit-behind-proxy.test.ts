import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";

const script = `
  import { createTransport } from ${JSON.stringify(new URL("../../src/http/transport.ts", import.meta.url))};
  import { createOctokit } from ${JSON.stringify(new URL("../../src/github/octokit.ts", import.meta.url))};
  const transport = createTransport();
  const octokit = await createOctokit({ token: "secret", apiUrl: "http://github.contoso.example/api/v3/", transport }, () => 10_000);
  const signal = new AbortController().signal;
  const { data } = await octokit.request("GET /meta", { request: { signal } });
  console.log(JSON.stringify(data));
  transport.close();
`;

// Runs in its own process, since @actions/github reads the proxy while it is loaded.
it("Octokit sends its requests through the proxy with the transport", async () => {
  const requested: (string | undefined)[] = [];
  const proxy = createServer((request, response) => {
    requested.push(request.url);
    response.writeHead(200, { "content-type": "application/json" }).end('{"through":"proxy"}');
  });
  proxy.on("connect", (request, socket) => {
    requested.push(request.url);
    socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
    socket.once("data", () => {
      socket.end(
        'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 19\r\n\r\n{"through":"proxy"}',
      );
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const env = { PATH: process.env["PATH"], http_proxy: address, https_proxy: address };
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
    env,
  });
  expect(JSON.parse(stdout)).toEqual({ through: "proxy" });
  expect(requested).toHaveLength(1);
  expect(requested[0]).toContain("github.contoso.example");
});
