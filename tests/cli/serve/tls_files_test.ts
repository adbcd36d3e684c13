import { assert, assertEquals, assertRejects } from "@std/assert";
import { readTlsFiles } from "../../../lib/cli/serve/tls_files.ts";
import { HerdFileError, parseHerdFile } from "../../../lib/topology/herd_file.ts";
import { needs } from "../../needs.ts";
import { credentialsOf, pathOf, pem } from "../../tls/files.ts";

const files = await needs("read", "write", "net");
const isWindows = Deno.build.os === "windows";

const h = { name: "h.json", path: "h.json" };

/** Files of a server Ann, which herd.json names `cert.pem`, `cert.key` and `ca.pem`. */
interface Given {
  readonly cert?: string;
  readonly key?: string;
  readonly ca?: string;
}

/** Reads what is given, and shows herd.json as `h.json` in what is said. */
async function read(given: Given, keyMode = 0o600) {
  const directory = await Deno.makeTempDir();
  const config = `${directory}/h.json`;
  const names = { cert: "cert.pem", key: "cert.key", ca: "ca.pem" };
  const shown = (line: string) => line.replaceAll(directory + "/", "");
  try {
    for (const [part, name] of Object.entries(names)) {
      const text = given[part as keyof Given];
      if (text !== undefined) await Deno.writeTextFile(`${directory}/${name}`, text);
    }
    if (given.key !== undefined && !isWindows) await Deno.chmod(`${directory}/cert.key`, keyMode);
    const tls = { cert: names.cert, key: names.key, port: 2 };
    const herd = { servers: { Ann: { host: "h", port: 1, tls } }, links: [], ca: names.ca };
    const read = await readTlsFiles(parseHerdFile(JSON.stringify(herd), config), {
      name: "Ann",
      config: { name: config, path: config },
    });
    return { ...read, warnings: read.warnings.map(shown), errors: [] };
  } catch (error) {
    if (!(error instanceof HerdFileError)) throw error;
    return { warnings: [], errors: error.errors.map(shown) };
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

function test(name: string, fn: () => Promise<void>, options: { ignore?: boolean } = {}): void {
  Deno.test({ name, ...files, fn, ignore: files.ignore || options.ignore === true });
}

test("readTlsFiles() gives certificate, key and authority, found beside herd.json", async () => {
  const ca = pem("ca.pem");
  assertEquals(await read({ ...credentialsOf("server"), ca }), {
    credentials: credentialsOf("server"),
    ca,
    warnings: [],
    errors: [],
  });
});

test("readTlsFiles() looks for nothing where herd.json names nothing", async () => {
  const herd = parseHerdFile('{"servers": {"Ann": {"host": "h", "port": 1}}, "links": []}', "h");
  assertEquals(await readTlsFiles(herd, { name: "Ann", config: h }), {
    credentials: null,
    ca: null,
    warnings: [],
  });
});

test("readTlsFiles() leaves the files of other servers alone", async () => {
  const tls = { cert: "not there", key: "not there", port: 3 };
  const servers = { Ann: { host: "h", port: 1 }, Bob: { host: "h", port: 2, tls } };
  const herd = parseHerdFile(JSON.stringify({ servers, links: [] }), "h.json");
  assertEquals((await readTlsFiles(herd, { name: "Ann", config: h })).credentials, null);
  await assertRejects(() => readTlsFiles(herd, { name: "Bob", config: h }), HerdFileError);
});

const { cert = "", key = "", ca = "" }: Given = files.ignore
  ? {}
  : { ...credentialsOf("server"), ca: pem("ca.pem") };
const damaged = cert.replace(/[A-Za-z]{20}/, "AAAAAAAAAAAAAAAAAAAA");

const wrong: Record<string, [given: Given, error: string]> = {
  "a certificate that is missing": [
    { key, ca },
    'h.json: servers.Ann.tls.cert: "cert.pem": there is no such file',
  ],
  "a key that is missing": [
    { cert, ca },
    'h.json: servers.Ann.tls.key: "cert.key": there is no such file',
  ],
  "an authority that is missing": [{ cert, key }, 'h.json: ca: "ca.pem": there is no such file'],
  "a file that holds no certificate": [
    { cert: "", key, ca },
    'h.json: servers.Ann.tls.cert: "cert.pem" holds no certificate in PEM',
  ],
  "certificate and key in each other's place": [
    { cert: key, key: cert, ca },
    'h.json: servers.Ann.tls.cert: "cert.pem" holds no certificate in PEM',
  ],
  "a damaged certificate": [
    { cert: damaged, key, ca },
    'h.json: servers.Ann.tls.cert: "cert.pem" holds a damaged certificate',
  ],
  "a file that holds no key": [
    { cert, key: "a secret", ca },
    'h.json: servers.Ann.tls.key: "cert.key" cannot be used with cert.pem: the key\'s file holds no ' +
    "private key in PEM",
  ],
  "another certificate's key": [
    { cert, key: files.ignore ? "" : pem("renewed.key"), ca },
    'h.json: servers.Ann.tls.key: "cert.key" cannot be used with cert.pem: the key does not belong to ' +
    "the certificate",
  ],
  "an authority's file that holds no certificate": [
    { cert, key, ca: "ca" },
    'h.json: ca: "ca.pem" holds no certificate in PEM',
  ],
};

for (const [what, [given, error]] of Object.entries(wrong)) {
  test(`readTlsFiles() says in one line that there is ${what}`, async () => {
    assertEquals((await read(given)).errors, [error]);
  });
}

test("readTlsFiles() says that a file cannot be read, and why", async () => {
  const tls = { cert: pathOf("."), key: pathOf("server.key"), port: 2 };
  const herd = { servers: { Ann: { host: "h", port: 1, tls } }, links: [] };
  const { errors } = await assertRejects(
    () => readTlsFiles(parseHerdFile(JSON.stringify(herd), "h"), { name: "Ann", config: h }),
    HerdFileError,
  );
  assertEquals(errors.length, 1);
  assert(errors[0]!.includes(`"${pathOf(".")}": cannot be read: `), errors[0]);
});

test("readTlsFiles() warns of an expired certificate", async () => {
  assertEquals((await read({ ...credentialsOf("expired"), ca })).warnings, [
    'h.json: servers.Ann.tls.cert: "cert.pem" expired on 2001-01-01',
  ]);
});

test("readTlsFiles() warns of a key that every user can read", async () => {
  assertEquals((await read({ cert, key, ca }, 0o644)).warnings, [
    'h.json: servers.Ann.tls.key: "cert.key": every user of this machine can read it; ' +
    '"chmod o-r" helps',
  ]);
  assertEquals((await read({ cert, key, ca }, 0o640)).warnings, []);
}, { ignore: isWindows });
