/**
 * `deno task licences`: the licences of what an executable is made of besides the herd itself.
 *
 * @module
 */

import { mitLicence, type Package, packages } from "./packages.ts";

const rule = "-".repeat(80);

/**
 * @param packages what is in the executable
 * @param denoLicence the licence of the runtime in it
 * @returns the text that goes with every executable
 */
export function licencesText(packages: readonly Package[], denoLicence: string): string {
  const parts = packages.map(({ name, version, licence, licenceText }) =>
    `${rule}\n${name} ${version} (${licence}), https://www.npmjs.com/package/${name}\n\n` +
    `${licenceText.trim()}\n`
  );
  return "herd-server is made of its own code (LICENSE) and of the following.\n\n" +
    `${rule}\nDeno (MIT), https://github.com/denoland/deno\n` +
    "It contains V8 and other works, whose licences are in its sources.\n\n" +
    `${denoLicence.trim()}\n\n${parts.join("\n")}`;
}

if (import.meta.main) {
  const denoLicence = await mitLicence("2018-2026 the Deno authors");
  console.log(licencesText(await packages(), denoLicence).trimEnd());
}
