import { spawn } from "node:child_process";

/** Tries to open the user's browser. Where that fails the address on the screen will do. */
export function openBrowser(address: string): void {
  const [file, args] = commandFor(process.platform, address);
  const child = spawn(file, args, { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}

function commandFor(platform: string, address: string): [string, string[]] {
  if (platform === "darwin") return ["open", [address]];
  // Not `cmd /c start`: the address is full of &.
  if (platform === "win32") return ["rundll32", ["url.dll,FileProtocolHandler", address]];
  return ["xdg-open", [address]];
}
