import type { JsonResponse } from "../http/json-server.ts";

/** A page of the simulated Entra ID. */
export function page(status: number, body: string): JsonResponse {
  return {
    status,
    body: `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in to the simulator</title></head>
<body><h1>Sign in to the simulator</h1>
${body}
</body></html>
`,
  };
}

/** Text that is safe in HTML, quoted attributes included. */
export function text(value: string): string {
  return value.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);
}
