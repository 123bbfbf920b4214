import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { shared } from "../support/shared.ts";

/** The published API descriptions, beside the repository: their licence has not been checked, so they are not in it. */
export const descriptions = "azure-devops/openapi";

interface Description {
  readonly definitions: Readonly<Record<string, Definition>>;
}

interface Definition {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly allOf?: readonly { readonly $ref?: string }[];
}

const numeric = {
  int32: true,
  int64: true,
  double: true,
  binary: true,
  JToken: true,
  JTokenType: true,
} as const;
const formats = {
  ...numeric,
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z?$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};

interface Checker {
  /** What is wrong with a value, by the description. */
  faultsOf(value: unknown, definition: string): string[];
  /** Properties of the value that the description does not know. */
  strangers(value: object, definition: string): string[];
}

export function checkerFor(file: string): Checker {
  const description = JSON.parse(
    readFileSync(shared(join(descriptions, file)), "utf8").replace(/^\uFEFF/, ""),
  ) as Description;
  const ajv = new Ajv({ strict: false, allErrors: true, formats });
  ajv.addSchema({ $id: "api", definitions: JSON.parse(anyObjects(JSON.stringify(description.definitions))) });
  return {
    faultsOf(value, definition) {
      const validate = ajv.getSchema(`api#/definitions/${definition}`);
      if (validate === undefined) throw new Error(`${file} has no definition ${definition}`);
      if (validate(withoutNulls(value)) === true) return [];
      return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
    },
    strangers(value, definition) {
      const known = propertiesOf(description, definition);
      return Object.keys(value).filter((name) => !known.has(name));
    },
  };
}

/** "Any object" is how the description writes "anything": the values of templateParameters are strings. */
function anyObjects(text: string): string {
  return text.replaceAll('"additionalProperties":{"type":"object"}', '"additionalProperties":true');
}

/** No definition says what may be null, and the service sends nulls. */
function withoutNulls(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, one: unknown) => (one === null ? undefined : one));
}

function propertiesOf({ definitions }: Description, name: string): Set<string> {
  const definition = definitions[name];
  const own = Object.keys(definition?.properties ?? {});
  const inherited = (definition?.allOf ?? []).flatMap(({ $ref }) => [
    ...propertiesOf({ definitions }, $ref?.split("/").at(-1) ?? ""),
  ]);
  return new Set([...own, ...inherited]);
}
