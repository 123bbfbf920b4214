/** The runner's own, in main and in post. */
export const linuxArm32Warning =
  "Node 24 is not supported on Linux ARM32 platforms. Falling back to Node 20.";

/** What Node 20 lacks of Node 24's library, as far as a bundle may use it before it has checked the version. */
const missingInNode20 = [
  "Map.groupBy",
  "Object.groupBy",
  "Array.fromAsync",
  "Promise.withResolvers",
  "Promise.try",
  "RegExp.escape",
  "Error.isError",
  "Iterator",
  "WebSocket",
  "URLPattern",
];

/** Options that make Node 24 look like Node 20 to a program. */
export function node20Options(): string {
  const script = [
    "Object.defineProperty(process.versions, 'node', { value: '20.20.2' });",
    "Object.defineProperty(process, 'version', { value: 'v20.20.2' });",
    ...missingInNode20.map((name) => `delete globalThis.${name};`),
  ];
  return `--import=data:text/javascript,${encodeURIComponent(script.join(""))}`;
}
