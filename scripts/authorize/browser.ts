import { spawn } from "node:child_process";

/** Tries to open the user's browser. If that fails, the user can open the printed URL. */
export function openBrowser(address: string): void {
  const [file, args] = commandFor(process.platform, address);
  const child = spawn(file, args, { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}

function commandFor(platform: string, address: string): [string, string[]] {
  if (platform === "darwin") return ["open", [address]];
  // Not `cmd /c start`, since the URL contains &.
  if (platform === "win32") return ["rundll32", ["url.dll,FileProtocolHandler", address]];
  return ["xdg-open", [address]];
}
