import { expect, it } from "vitest";
import { isOwnHost, isSafeUrl } from "../../src/azure-devops/download-redirects.ts";

const hosted = "https://dev.azure.com/Contoso";

it.each([
  [hosted, "https://dev.azure.com/contoso/x", true],
  [hosted, "https://contoso.visualstudio.com/x", true],
  [hosted, "https://artprodeus21.artifacts.visualstudio.com/A3e0/x", true],
  [hosted, "https://vstmr.dev.azure.com/contoso", true],
  ["https://contoso.visualstudio.com", "https://dev.azure.com/contoso", true],
  [hosted, "https://fabrikam.visualstudio.com/x", false],
  [hosted, "https://dev.azure.com:8443/x", false],
  [hosted, "http://dev.azure.com/x", false],
  [hosted, "https://dev.azure.com.evil.example/x", false],
  [hosted, "https://evildev.azure.com/x", false],
  [hosted, "https://artifacts.visualstudio.com.evil.example/x", false],
  [hosted, "https://storage.blob.core.windows.net/x?sig=1", false],
  ["https://server/tfs/Main", "https://server/tfs/Main/x", true],
  ["https://server/tfs/Main", "https://server:8443/x", false],
  ["https://server/tfs/Main", "https://dev.azure.com/x", false],
  ["http://127.0.0.1:8080/org", "http://127.0.0.1:8081/x", false],
  ["http://127.0.0.1:8080/org", "http://localhost:8080/x", true],
  ["http://localhost:8080/org", "http://[::1]:8080/x", true],
  ["http://localhost:8080/org", "https://localhost:8080/x", false],
  ["http://localhost:8080/org", "http://localhost.evil.example:8080/x", false],
])("with the organization %s, the token may be sent to %s: %s", (base, url, own) => {
  expect(isOwnHost(new URL(url), base)).toBe(own);
});

it.each([
  [hosted, "https://anywhere.example/x", true],
  [hosted, "http://anywhere.example/x", false],
  [hosted, "http://127.0.0.1/metadata", false],
  [hosted, "file:///etc/passwd", false],
  ["http://127.0.0.1:8080/org", "http://127.0.0.1:8081/x", true],
  ["http://127.0.0.1:8080/org", "http://10.0.0.1/x", false],
])("with the organization %s, a download may come from %s: %s", (base, url, safe) => {
  expect(isSafeUrl(new URL(url), base)).toBe(safe);
});
