/** Whether a host name, as `URL` writes it, is this machine. Only there is unencrypted traffic allowed. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** Whether a URL is `http:` and on this machine, where unencrypted traffic is safe. */
export function isHttpLoopback({ protocol, hostname }: { protocol: string; hostname: string }): boolean {
  return protocol === "http:" && isLoopback(hostname);
}
