import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runnerGraceMs } from "../../runner-emulator/process.ts";
import { startAction } from "../../runner-emulator/runner.ts";
import { clientSecret } from "../support/authorization-server.ts";
import { type ForwardProxy, startForwardProxy } from "../support/forward-proxy.ts";
import { type IsolatedNetwork, openIsolatedNetwork } from "../support/isolated-network.ts";
import { tokenCheckingAzure } from "../support/token-checking-azure.ts";

let network: IsolatedNetwork;

beforeAll(async () => {
  network = await openIsolatedNetwork();
});

afterAll(() => network.close());

async function runBehindProxy(
  act: (action: ReturnType<typeof startAction>, proxy: ForwardProxy) => Promise<void>,
) {
  await using proxy = await startForwardProxy();
  await using azure = await tokenCheckingAzure({
    accepts: (token) => network.server.isLive(token),
    pollsBeforeCompletion: 99,
  });
  const inputs = {
    organization: await network.exposeOverTls(azure.organization),
    project: "web",
    "pipeline-id": "42",
    ref: "main",
    "poll-interval": "1s",
    scope: "builds",
    "client-id": "confidential",
    "client-secret": clientSecret,
    "token-url": network.server.tokenUrl,
  };
  await using action = startAction(inputs, { env: { ...network.env, https_proxy: proxy.url } });
  await act(action, proxy);
  const { main, post } = await action.done;
  expect([main.result, main.outputs["error-code"]], main.log).toEqual(["cancelled", "canceled"]);
  expect(main.millisFromCancel).toBeLessThan(runnerGraceMs.interrupt);
  return { main, post, methods: azure.requests.map(({ method }) => method) };
}

describe.concurrent("a proxy that accepts connections and does not respond", () => {
  it("before the start does not delay a cancelled job", async () => {
    const { main, methods } = await runBehindProxy(async (action, proxy) => {
      proxy.stopResponding();
      await proxy.firstStalledTunnel;
      action.cancel();
    });
    expect(main.log).toContain("No run was started.");
    expect(methods).toEqual([]);
  });

  it("during the wait does not delay a cancelled job, and the post step cancels the run once it has recovered", async () => {
    const { post, methods } = await runBehindProxy(async (action, proxy) => {
      await action.waitFor(/Started /);
      proxy.stopResponding();
      await proxy.firstStalledTunnel;
      action.cancel();
      await action.waitFor(/could not be cancelled yet/);
      proxy.recover();
    });
    expect(post?.log).toContain("was cancelled");
    expect(methods.filter((method) => method === "PATCH")).toHaveLength(1);
  });
});
