import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { archiveOf } from "../../.ci/archives.ts";
import { advisoriesFor, report, versionsByName } from "../../.ci/audit.ts";
import { targets } from "../../.ci/compile.ts";
import { licencesText } from "../../.ci/licences.ts";
import { hexOf, type Package, packageKeys, packages } from "../../.ci/packages.ts";
import { billOfMaterials, purlOf } from "../../.ci/sbom.ts";
import configuration from "../../deno.json" with { type: "json" };
import { needs } from "../needs.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const kdbush: Package = {
  name: "kdbush",
  version: "4.1.0",
  licence: "ISC",
  licenceText: "ISC License\n\nCopyright (c) 2026, Vladimir Agafonkin\n",
  sha512: "ab".repeat(64),
};

test("packageKeys() are those of the program and what they depend on, not the tests'", () => {
  const npmPackage = (name: string, dependencies: string[]) => ({
    ...{ name, version: "1.0.0", dependencies, localPath: `/npm/${name}` },
  });
  const graph = {
    modules: [{ kind: "esm" }, { kind: "npm", npmPackage: "a@1.0.0" }],
    npmPackages: {
      "a@1.0.0": npmPackage("a", ["b@1.0.0"]),
      "b@1.0.0": npmPackage("b", ["a@1.0.0"]),
      "fast-check@1.0.0": npmPackage("fast-check", []),
    },
  };
  assertEquals(packageKeys(graph), ["a@1.0.0", "b@1.0.0"]);
});

test("hexOf() reads a sum as deno.lock has it, and no other algorithm's", () => {
  assertEquals(hexOf("sha512-q83v"), "abcdef");
  let refused = "";
  try {
    hexOf("sha1-q83v");
  } catch (error) {
    refused = String(error);
  }
  assertStringIncludes(refused, "sha1-q83v");
});

test("billOfMaterials() is CycloneDX that names each package, its sum and its licence", () => {
  const bill = billOfMaterials([kdbush], "2.9.6");
  assertEquals([bill.bomFormat, bill.specVersion], ["CycloneDX", "1.6"]);
  assertEquals(bill.metadata.component.version, configuration.version);
  assertEquals(bill.components.map(({ purl }) => purl), [
    "pkg:github/denoland/deno@v2.9.6",
    "pkg:npm/kdbush@4.1.0",
  ]);
  const [, library] = bill.components;
  assertEquals(library, {
    type: "library",
    "bom-ref": "pkg:npm/kdbush@4.1.0",
    name: "kdbush",
    version: "4.1.0",
    hashes: [{ alg: "SHA-512", content: kdbush.sha512 }],
    licenses: [{ license: { id: "ISC" } }],
    purl: "pkg:npm/kdbush@4.1.0",
  });
  assertEquals(bill.dependencies[0]!.dependsOn, bill.components.map(({ purl }) => purl));
});

test("purlOf() escapes the @ of a scope", () => {
  assertEquals(purlOf("@a/b", "1.0.0"), "pkg:npm/%40a/b@1.0.0");
});

test("licencesText() has the licence of each package, and Deno's", () => {
  const text = licencesText([kdbush], "MIT License\n\nCopyright (c) the Deno authors\n");
  for (const part of ["kdbush 4.1.0 (ISC)", "Vladimir Agafonkin", "the Deno authors"]) {
    assertStringIncludes(text, part);
  }
});

Deno.test({
  name: "packages() are those of the executable, each with a licence and its sum in deno.lock",
  ...await needs("read", "run"),
  async fn() {
    const found = await packages();
    const names = found.map(({ name }) => name);
    for (const name of ["deno-std", "zod"]) assert(names.includes(name), name);
    assertEquals(names.includes("fast-check"), false);
    for (const { name, licence, licenceText, sha512 } of found) {
      assert(/^(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD)$/.test(licence), `${name}: ${licence}`);
      assert(/copyright/i.test(licenceText), name);
      assertEquals(sha512.length, 128, name);
    }
  },
});

test("archiveOf() packs the licences with it: a zip for Windows, a tar.gz for others", () => {
  for (const target of targets) {
    const { name, executable, command } = archiveOf(target);
    const isWindows = target.includes("windows");
    assertEquals(name, `herd-server-${target}.${isWindows ? "zip" : "tar.gz"}`);
    assertEquals(executable, isWindows ? "herd-server.exe" : "herd-server");
    assertEquals(command.slice(-4), [name, executable, "LICENSE", "THIRD_PARTY_LICENSES"]);
  }
});

test("versionsByName() reads the keys of a lock file, scopes and peers too", () => {
  assertEquals(versionsByName(["zod@4.6.7", "@a/b@1.0.0_c@2.0.0", "zod@3.0.0"]), {
    "zod": ["4.6.7", "3.0.0"],
    "@a/b": ["1.0.0"],
  });
});

test("report() has a line for each known vulnerability, and none where none is known", () => {
  const advisory = {
    title: "Prototype Pollution",
    severity: "high",
    url: "https://github.com/advisories/GHSA-1",
    vulnerable_versions: "<4.6.8",
  };
  assertEquals(report({}), []);
  assertEquals(report({ zod: [advisory] }), [
    "zod <4.6.8: high: Prototype Pollution (https://github.com/advisories/GHSA-1)",
  ]);
});

Deno.test({
  name: "advisoriesFor() asks the registry about each version, and says when it does not answer",
  ...await needs("net"),
  async fn() {
    const asked: unknown[] = [];
    let status = 200;
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async (request) => {
        asked.push([request.method, new URL(request.url).pathname, await request.json()]);
        return Response.json({ zod: [] }, { status });
      },
    );
    const registry = `http://127.0.0.1:${server.addr.port}/npm`;
    assertEquals(await advisoriesFor(registry, { zod: ["4.6.7"] }), { zod: [] });
    const path = "/npm/-/npm/v1/security/advisories/bulk";
    assertEquals(asked, [["POST", path, { zod: ["4.6.7"] }]]);
    status = 405;
    await assertRejects(() => advisoriesFor(registry, {}), Error, "405");
  },
});
