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

/**
 * Reads a file with the parser of `deno lint`; nothing of it is run.
 *
 * @param path where it is, from the top of the project
 * @param text what it says
 * @returns what the rules ask of it
 */
export function readSource(path: string, text: string): SourceFile {
  const lineOf = (at: number) => text.slice(0, at).split("\n").length;
  const imports: Finding[] = [];
  const world: Finding[] = [];
  const functions: FunctionLength[] = [];
  const numbers: NamedNumber[] = [];

  const addImport = (node: Deno.lint.Node | null | undefined) => {
    if (node?.type !== "Literal" || typeof node.value !== "string") return;
    imports.push({ line: lineOf(node.range[0]), text: node.value });
  };
  const addFunction = ({ range: [start, end] }: Deno.lint.Node) => {
    const line = lineOf(start);
    const head = text.slice(start, end).split("\n")[0]!;
    functions.push({ line, text: head, lines: lineOf(end) - line + 1 });
  };
  const addNumber = (name: string | undefined, node: Deno.lint.Node | null | undefined) => {
    const value = node ? numberOf(node) : undefined;
    if (name === undefined || value === undefined) return;
    numbers.push({ line: lineOf(node!.range[0]), text: `${name} = ${value}`, name, value });
  };
  const addWorld = (node: Deno.lint.Node, used: string) => {
    world.push({ line: lineOf(node.range[0]), text: used });
  };

  const visitor: Deno.lint.LintVisitor = {
    ImportDeclaration: ({ source }) => addImport(source),
    ExportAllDeclaration: ({ source }) => addImport(source),
    ExportNamedDeclaration: ({ source }) => addImport(source),
    ImportExpression: ({ source }) => addImport(source),
    TSImportType: ({ argument }) => {
      if (argument.type === "TSLiteralType") addImport(argument.literal);
    },
    FunctionDeclaration: addFunction,
    FunctionExpression: addFunction,
    ArrowFunctionExpression: addFunction,
    Identifier(node) {
      if (timers.has(node.name)) addWorld(node, node.name);
    },
    MemberExpression(node) {
      const member = text.slice(...node.range);
      if (worldMembers.has(member)) addWorld(node, member);
    },
    NewExpression(node) {
      const made = text.slice(...node.range);
      if (made === "new Date()") addWorld(node, made);
    },
    VariableDeclarator: ({ id, init, parent }) => {
      const isConst = parent.type === "VariableDeclaration" && parent.kind === "const";
      if (isConst) addNumber(nameOf(id), init);
    },
    PropertyDefinition: ({ key, value, readonly }) => {
      if (readonly) addNumber(nameOf(key), value);
    },
    Property: ({ key, value }) => addNumber(nameOf(key), value),
    AssignmentPattern: ({ left, right }) => addNumber(nameOf(left), right),
  };
  Deno.lint.runPlugin(
    { name: "house", rules: { read: { create: () => visitor } } },
    // Declarations are read as a module is.
    path.replace(/\.d\.ts$/, ".ts"),
    text,
  );
  for (const { index, 1: types } of text.matchAll(/^\/\/ @ts-types="(.*)"$/gm)) {
    imports.push({ line: lineOf(index), text: types! });
  }
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
