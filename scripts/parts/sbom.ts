import type { Part } from "./parts.ts";

/** A list of parts in CycloneDX's JSON. https://cyclonedx.org/docs/1.5/json/ */
export function sbomOf(action: Pick<Part, "name" | "version" | "license">, parts: readonly Part[]): object {
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "application", "bom-ref": action.name, ...named(action) } },
    components: parts.map((part) => ({ type: "library", "bom-ref": purlOf(part), ...component(part) })),
  };
}

function component(part: Part): object {
  const [, digest = ""] = part.integrity.split("sha512-");
  const content = Buffer.from(digest, "base64").toString("hex");
  return { ...named(part), purl: purlOf(part), hashes: [{ alg: "SHA-512", content }] };
}

function named({ name, version, license }: Pick<Part, "name" | "version" | "license">): object {
  return { name, version, licenses: [{ license: { id: license } }] };
}

function purlOf({ name, version }: Part): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}
