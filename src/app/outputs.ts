import type { RunDocument, StartedRun } from "../core/model.ts";
import { outputText } from "../core/values.ts";
import type { Host } from "../ports.ts";

/** Writes outputs as soon as they are known, and again only when they change. */
export interface Outputs {
  tell(values: Readonly<Record<string, unknown>>): void;
}

export function createOutputs(host: Pick<Host, "output">): Outputs {
  const written = new Map<string, string>();
  return {
    tell: (values) => {
      for (const [name, value] of Object.entries(values)) {
        const text = outputText(value);
        if (written.get(name) === text) continue;
        written.set(name, text);
        host.output(name, text);
      }
    },
  };
}

export function startOutputs({
  id,
  name,
  url,
  commit,
}: Pick<StartedRun, "id" | "name" | "url" | "commit">): Readonly<Record<string, unknown>> {
  return { "run-id": id, "run-name": name, "run-url": url, ...(commit !== null && { commit }) };
}

/** What changes from look to look, and is small. */
export function lookOutputs(document: RunDocument): Readonly<Record<string, unknown>> {
  return {
    "run-id": document.id,
    "run-name": document.name,
    "run-url": document.url,
    status: document.status,
    result: document.result,
    commit: document.source.commit,
    "queue-seconds": document.queueSeconds,
    "run-seconds": document.runSeconds,
  };
}

/** What can be large, and is written once. */
export function endOutputs(document: RunDocument): Readonly<Record<string, unknown>> {
  return { ...lookOutputs(document), stages: document.stages, run: document };
}
