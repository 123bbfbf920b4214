interface FetchInit {
  readonly method: "GET" | "POST" | "PATCH";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | URLSearchParams;
  readonly signal?: AbortSignal;
}

interface FetchRequest {
  readonly method: FetchInit["method"];
  readonly url: string;
  readonly headers: FetchInit["headers"];
  readonly body?: string;
  readonly signal: AbortSignal;
}

interface FetchResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const neverAborted = new AbortController().signal;

/** Wraps a transport as `fetch`. Only for libraries that need it: at its first `Response`, Node loads undici, which takes 30 ms. */
export function toFetch(send: (request: FetchRequest) => Promise<FetchResponse>) {
  return async (
    url: string,
    { method, headers, body, signal = neverAborted }: FetchInit,
  ): Promise<Response> => {
    const response = await send({ method, url, headers, signal, ...(body && { body: body.toString() }) });
    const { status } = response;
    const hasBody = status !== 204 && status !== 205;
    return new Response(hasBody ? response.body : null, { status, headers: response.headers });
  };
}
