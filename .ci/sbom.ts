/**
 * `deno task sbom`: a bill of materials of the executable, as CycloneDX 1.6 has it
 * (https://cyclonedx.org/docs/1.6/json/).
 *
 * @module
 */

import configuration from "../deno.json" with { type: "json" };
import { type Package, packages } from "./packages.ts";

/** @returns a package's address, as https://github.com/package-url/purl-spec has it */
export function purlOf(name: string, version: string): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

/**
 * @param packages what is in the executable
 * @param denoVersion the version of the runtime in it
 * @returns the bill of materials; the same for the same executable
 */
export function billOfMaterials(packages: readonly Package[], denoVersion: string) {
  const herd = `pkg:generic/herd-server@${configuration.version}`;
  const deno = `pkg:github/denoland/deno@v${denoVersion}`;
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": herd,
        name: "herd-server",
        version: configuration.version,
        licenses: [{ license: { id: configuration.license } }],
        purl: herd,
      },
    },
    components: [
      {
        type: "platform",
        "bom-ref": deno,
        name: "deno",
        version: denoVersion,
        licenses: [{ license: { id: "MIT" } }],
        purl: deno,
      },
      ...packages.map(({ name, version, licence, sha512 }) => ({
        type: "library",
        "bom-ref": purlOf(name, version),
        name,
        version,
        hashes: [{ alg: "SHA-512", content: sha512 }],
        licenses: [{ license: { id: licence } }],
        purl: purlOf(name, version),
      })),
    ],
    dependencies: [
      {
        ref: herd,
        dependsOn: [deno, ...packages.map(({ name, version }) => purlOf(name, version))],
      },
    ],
  };
}

if (import.meta.main) {
  console.log(JSON.stringify(billOfMaterials(await packages(), Deno.version.deno), null, 2));
}
