import { demoToken, type Simulator, type SimulatorOptions, startSimulator } from "../../simulator/index.ts";

/** A response, decoded if it is JSON. */
interface DecodedResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests read undecoded responses.
  // biome-ignore lint/suspicious/noExplicitAny: the shape is what the test is about.
  readonly json: any;
}

type CallApi = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<DecodedResponse>;

export interface SimulatorClient extends AsyncDisposable {
  readonly simulator: Simulator;
  /** Calls a path below the project. */
  readonly call: CallApi;
  /** Starts a run and returns its id. */
  startRun(pipeline: number, body?: unknown): Promise<number>;
}

export const basicAuth = `Basic ${Buffer.from(`:${demoToken}`).toString("base64")}`;

/** A simulator whose time only advances when the test calls `advance`. */
export async function openSimulator(options: SimulatorOptions = {}): Promise<SimulatorClient> {
  const simulator = await startSimulator({ speed: 0, ...options });
  const call: CallApi = (method, path, body, headers) =>
    sendRequest(`${simulator.organization}/${simulator.project}/_apis/${path}`, method, body, headers);
  return {
    simulator,
    call,
    startRun: async (pipeline, body = {}) => {
      const { json } = await call("POST", `pipelines/${pipeline}/runs?api-version=7.1`, body);
      return json.id as number;
    },
    [Symbol.asyncDispose]: simulator.close,
  };
}

export async function sendRequest(
  url: string,
  method = "GET",
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<DecodedResponse> {
  const response = await fetch(url, {
    method,
    redirect: "manual",
    headers: {
      accept: "application/json",
      "content-type": "application/json",
      authorization: basicAuth,
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parseJson(text) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
