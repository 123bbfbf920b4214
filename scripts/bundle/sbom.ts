import type { BundledPackage } from "./packages.ts";

/** A list of parts in CycloneDX's JSON. https://cyclonedx.org/docs/1.5/json/ */
export function sbomOf(
  action: Pick<BundledPackage, "name" | "version" | "license">,
  packages: readonly BundledPackage[],
): object {
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.5.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "application", "bom-ref": action.name, ...nameAndLicense(action) } },
    components: packages.map((bundledPackage) => ({
      type: "library",
      "bom-ref": purlOf(bundledPackage),
      ...component(bundledPackage),
    })),
  };
}

function component(bundledPackage: BundledPackage): object {
  const [, digest = ""] = bundledPackage.integrity.split("sha512-");
  const content = Buffer.from(digest, "base64").toString("hex");
  return {
    ...nameAndLicense(bundledPackage),
    purl: purlOf(bundledPackage),
    hashes: [{ alg: "SHA-512", content }],
  };
}

function nameAndLicense({
  name,
  version,
  license,
}: Pick<BundledPackage, "name" | "version" | "license">): object {
  return { name, version, licenses: [{ license: { id: license } }] };
}

function purlOf({ name, version }: BundledPackage): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}
