/** Whether a host name, as `URL` writes it, is this machine: only there may anything travel in the clear. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Whether an address is `http:` and on this machine, where nobody listens in. */
export function isHttpLoopback({ protocol, hostname }: { protocol: string; hostname: string }): boolean {
  return protocol === "http:" && isLoopback(hostname);
}
