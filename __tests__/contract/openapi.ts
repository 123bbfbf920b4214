import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { sharedPath } from "../support/shared.ts";

/** The published API descriptions. They are not part of the repository, since their licence has not been checked. */
export const openApiFolder = "azure-devops/openapi";

interface ApiDescription {
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

interface SchemaChecker {
  /** The errors in a value according to the description. */
  validationErrors(value: unknown, definition: string): string[];
  /** Properties of the value that the description lacks. */
  unknownProperties(value: object, definition: string): string[];
}

export function createSchemaChecker(file: string): SchemaChecker {
  const description = JSON.parse(
    readFileSync(sharedPath(join(openApiFolder, file)), "utf8").replace(/^\uFEFF/, ""),
  ) as ApiDescription;
  const ajv = new Ajv({ strict: false, allErrors: true, formats });
  ajv.addSchema({
    $id: "api",
    definitions: JSON.parse(allowAnyValue(JSON.stringify(description.definitions))),
  });
  return {
    validationErrors(value, definition) {
      const validate = ajv.getSchema(`api#/definitions/${definition}`);
      if (validate === undefined) throw new Error(`${file} has no definition ${definition}`);
      if (validate(withoutNulls(value)) === true) return [];
      return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
    },
    unknownProperties(value, definition) {
      const known = propertiesOf(description, definition);
      return Object.keys(value).filter((name) => !known.has(name));
    },
  };
}

/** The description says "object" where it means any value: the values of templateParameters are strings. */
function allowAnyValue(text: string): string {
  return text.replaceAll('"additionalProperties":{"type":"object"}', '"additionalProperties":true');
}

/** The definitions do not mark nullable properties, but the service sends nulls. */
function withoutNulls(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, item: unknown) => (item === null ? undefined : item));
}

function propertiesOf({ definitions }: ApiDescription, name: string): Set<string> {
  const definition = definitions[name];
  const own = Object.keys(definition?.properties ?? {});
  const inherited = (definition?.allOf ?? []).flatMap(({ $ref }) => [
    ...propertiesOf({ definitions }, $ref?.split("/").at(-1) ?? ""),
  ]);
  return new Set([...own, ...inherited]);
}
