import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runnerGraceMs } from "../../runner-emulator/process.ts";
import { startAction } from "../../runner-emulator/runner.ts";
import { clientSecret } from "../support/authorization-server.ts";
import { type ForwardProxy, startForwardProxy } from "../support/forward-proxy.ts";
import { type IsolatedNetwork, openIsolatedNetwork } from "../support/isolated-network.ts";
import { tokenCheckingAzure } from "../support/token-checking-azure.ts";

let stage: IsolatedNetwork;

beforeAll(async () => {
  stage = await openIsolatedNetwork();
});

afterAll(() => stage.close());

async function play(act: (action: ReturnType<typeof startAction>, proxy: ForwardProxy) => Promise<void>) {
  await using proxy = await startForwardProxy();
  await using azure = await tokenCheckingAzure({
    accepts: (token) => stage.server.isLive(token),
    pollsBeforeCompletion: 99,
  });
  const inputs = {
    organization: await stage.exposeOverTls(azure.organization),
    project: "web",
    "pipeline-id": "42",
    ref: "main",
    "poll-interval": "1s",
    scope: "builds",
    "client-id": "confidential",
    "client-secret": clientSecret,
    "token-url": stage.server.tokenUrl,
  };
  await using action = startAction(inputs, { env: { ...stage.env, https_proxy: proxy.url } });
  await act(action, proxy);
  const { main, post } = await action.done;
  expect([main.result, main.outputs["error-code"]], main.log).toEqual(["cancelled", "canceled"]);
  expect(main.millisFromCancel).toBeLessThan(runnerGraceMs.interrupt);
  return { main, post, methods: azure.requests.map(({ method }) => method) };
}

describe.concurrent("a proxy that takes connections and says nothing", () => {
  it("before the start keeps nobody who cancels", async () => {
    const { main, methods } = await play(async (action, proxy) => {
      proxy.stopResponding();
      await proxy.firstStalledTunnel;
      action.cancel();
    });
    expect(main.log).toContain("No run was started.");
    expect(methods).toEqual([]);
  });

  it("in the middle of a wait keeps nobody either; the post step cancels once it has recovered", async () => {
    const { post, methods } = await play(async (action, proxy) => {
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
