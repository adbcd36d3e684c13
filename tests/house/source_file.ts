/**
 * What a source file says, as far as the rules of the house ask: whom it imports, what it uses of
 * the world, how long its functions are, and which numbers it gives a name.
 *
 * @module
 */

/** Something on a line of a file. */
export interface Finding {
  readonly line: number;
  readonly text: string;
}

/** A function, from its first line to its last. */
export interface FunctionLength extends Finding {
  readonly lines: number;
}

/** A number that was written out and given a name. */
export interface NamedNumber extends Finding {
  readonly name: string;
  readonly value: number;
}

/** A file as the rules see it. */
export interface SourceFile {
  /** From the top of the project: `lib/limits.ts`. */
  readonly path: string;
  readonly lines: number;
  /** Every module it names, `text` as it is written: types, dynamic imports and `@ts-types` too. */
  readonly imports: readonly Finding[];
  /** Every use of a socket, the clock, timers or chance. */
  readonly world: readonly Finding[];
  readonly functions: readonly FunctionLength[];
  readonly numbers: readonly NamedNumber[];
}

/** Global names that reach the clock. */
const timers = new Set(["setTimeout", "setInterval", "setImmediate"]);

/** Members of global objects that reach a socket, the clock or chance. */
const worldMembers = new Set([
  ...["Deno.listen", "Deno.listenTls", "Deno.listenDatagram", "Deno.connect", "Deno.connectTls"],
  ...["Deno.startTls", "Deno.serve"],
  ...["Date.now", "performance.now", "AbortSignal.timeout"],
  ...["Math.random", "crypto.getRandomValues", "crypto.randomUUID"],
]);

/** Calls that are told how long to wait. */
const waits = new Set(["after", "delay", "deadline", "setTimeout", "setInterval", "timeout"]);

/** What has been found in a file, while it is read. */
class Findings {
  readonly imports: Finding[] = [];
  readonly world: Finding[] = [];
  readonly functions: FunctionLength[] = [];
  readonly numbers: NamedNumber[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** What each kind of node tells. */
  visitor(): Deno.lint.LintVisitor {
    const addFunction = (node: Deno.lint.Node) => this.#addFunction(node);
    return {
      ImportDeclaration: ({ source }) => this.#addImport(source),
      ExportAllDeclaration: ({ source }) => this.#addImport(source),
      ExportNamedDeclaration: ({ source }) => this.#addImport(source),
      ImportExpression: ({ source }) => this.#addImport(source),
      TSImportType: ({ argument }) => {
        if (argument.type === "TSLiteralType") this.#addImport(argument.literal);
      },
      FunctionDeclaration: addFunction,
      FunctionExpression: addFunction,
      ArrowFunctionExpression: addFunction,
      Identifier: (node) => this.#addWorld(node, (word) => timers.has(word)),
      MemberExpression: (node) => this.#addWorld(node, (word) => worldMembers.has(word)),
      NewExpression: (node) => this.#addWorld(node, (word) => word === "new Date()"),
      VariableDeclarator: ({ id, init, parent }) => {
        const isConst = parent.type === "VariableDeclaration" && parent.kind === "const";
        if (isConst) this.#addNumber(nameOf(id), init);
      },
      PropertyDefinition: ({ key, value, readonly }) => {
        if (readonly) this.#addNumber(nameOf(key), value);
      },
      Property: ({ key, value }) => this.#addNumber(nameOf(key), value),
      AssignmentPattern: ({ left, right }) => this.#addNumber(nameOf(left), right),
      CallExpression: ({ callee, arguments: args }) => {
        const called = nameOf(callee.type === "MemberExpression" ? callee.property : callee);
        if (called === undefined || !waits.has(called)) return;
        for (const argument of args) this.#addNumber(`${called}Ms`, argument);
      },
    };
  }

  /** Types may be named in a comment, for a module that has none of its own. */
  addTypesComments(): void {
    for (const { index, 1: types } of this.#text.matchAll(/^\/\/ @ts-types="(.*)"$/gm)) {
      this.imports.push({ line: this.#lineOf(index), text: types! });
    }
  }

  #lineOf(at: number): number {
    return this.#text.slice(0, at).split("\n").length;
  }

  #addImport(node: Deno.lint.Node | null | undefined): void {
    if (node?.type !== "Literal" || typeof node.value !== "string") return;
    this.imports.push({ line: this.#lineOf(node.range[0]), text: node.value });
  }

  #addFunction({ range: [start, end] }: Deno.lint.Node): void {
    const line = this.#lineOf(start);
    const [head] = this.#text.slice(start, end).split("\n", 1);
    this.functions.push({ line, text: head!, lines: this.#lineOf(end) - line + 1 });
  }

  #addWorld(node: Deno.lint.Node, isWorld: (text: string) => boolean): void {
    const text = this.#text.slice(...node.range);
    if (isWorld(text)) this.world.push({ line: this.#lineOf(node.range[0]), text });
  }

  #addNumber(name: string | undefined, node: Deno.lint.Node | null | undefined): void {
    const value = node ? numberOf(node) : undefined;
    if (name === undefined || value === undefined) return;
    const line = this.#lineOf(node!.range[0]);
    this.numbers.push({ line, text: `${name} = ${value}`, name, value });
  }
}

/**
 * Reads a file with the parser of `deno lint`; nothing of it is run.
 *
 * @param path where it is, from the top of the project
 * @param text what it says
 * @returns what the rules ask of it
 */
export function readSource(path: string, text: string): SourceFile {
  const found = new Findings(text);
  const rules = { read: { create: () => found.visitor() } };
  // A declaration file is parsed as a module is.
  Deno.lint.runPlugin({ name: "house", rules }, path.replace(/\.d\.ts$/, ".ts"), text);
  found.addTypesComments();
  const { imports, world, functions, numbers } = found;
  return { path, lines: text.split("\n").length - 1, imports, world, functions, numbers };
}

function nameOf(node: Deno.lint.Node): string | undefined {
  return node.type === "Identifier" || node.type === "PrivateIdentifier" ? node.name : undefined;
}

/** @returns what a number that is written out comes to; undefined for anything else */
function numberOf(node: Deno.lint.Node): number | undefined {
  if (node.type === "Literal") {
    // The parser leaves 1_000 unread.
    return /^\d/.test(node.raw) ? Number(node.raw.replaceAll("_", "")) : undefined;
  }
  if (node.type !== "BinaryExpression") return undefined;
  const [left, right] = [numberOf(node.left), numberOf(node.right)];
  if (left === undefined || right === undefined) return undefined;
  switch (node.operator) {
    case "*":
      return left * right;
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "**":
      return left ** right;
    default:
      return undefined;
  }
}
