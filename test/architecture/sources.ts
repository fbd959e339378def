import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Node, type SourceFile, SyntaxKind } from 'typescript/unstable/ast';
import {
  isCallExpression,
  isEnumDeclaration,
  isExportAssignment,
  isExportDeclaration,
  isExportSpecifier,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isNamedImports,
  isPropertyAccessExpression,
  isStringLiteral,
} from 'typescript/unstable/ast/is';
import { API } from 'typescript/unstable/sync';

export const project = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

export interface Import {
  /** A path from the project's root (`src/domain/time.ts`), or what stands there for a package. */
  readonly target: string;
  readonly inside: boolean;
  /** Erased when it runs. */
  readonly typeOnly: boolean;
  readonly line: number;
}

/** Something that a rule may forbid. */
export type Trait = 'process.exit' | 'process.env' | 'any' | 'enum' | 'default export' | 'namespace';

export interface Source {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  readonly traits: readonly { readonly trait: Trait; readonly line: number }[];
}

/** Every TypeScript file of the project, as the compiler itself reads it. */
export function readSources(root = project): readonly Source[] {
  const api = new API({ cwd: root });
  try {
    const [compiled] = api.updateSnapshot({ openProject: join(root, 'tsconfig.json') } as never).getProjects();
    if (!compiled) throw new Error('the compiler found no project');
    return compiled.program
      .getSourceFileNames()
      .filter((name) => name.startsWith(`${root}/`) && !name.includes('/node_modules/'))
      .map((name) => describe(root, name, compiled.program.getSourceFile(name)));
  } finally {
    api.close();
  }
}

function describe(root: string, file: string, tree: SourceFile | undefined): Source {
  if (!tree) throw new Error(`the compiler did not read ${file}`);
  const text = readFileSync(file, 'utf8');
  const imports: Import[] = [];
  const traits: { trait: Trait; line: number }[] = [];
  const lineOf = (node: Node) => text.slice(0, node.end).split('\n').length;
  const visit = (node: Node): void => {
    const found = importOf(node);
    if (found) imports.push({ ...located(root, file, found.specifier), typeOnly: found.typeOnly, line: lineOf(node) });
    const trait = traitOf(node);
    if (trait) traits.push({ trait, line: lineOf(node) });
    node.forEachChild(visit);
  };
  visit(tree);
  return { path: relative(root, file), lines: text.trimEnd().split('\n').length, imports, traits };
}

function located(root: string, file: string, specifier: string): { target: string; inside: boolean } {
  if (!specifier.startsWith('.')) return { target: specifier, inside: false };
  return { target: relative(root, resolve(dirname(file), specifier)), inside: true };
}

function importOf(node: Node): { specifier: string; typeOnly: boolean } | undefined {
  if (isImportDeclaration(node) && isStringLiteral(node.moduleSpecifier)) {
    const clause = node.importClause;
    const named = clause?.namedBindings;
    const everyNameIsType =
      named && isNamedImports(named) && !clause.name && named.elements.length > 0
        ? named.elements.every(({ isTypeOnly }) => isTypeOnly)
        : false;
    const typeOnly = clause?.phaseModifier === SyntaxKind.TypeKeyword || everyNameIsType;
    return { specifier: node.moduleSpecifier.text, typeOnly };
  }
  if (isExportDeclaration(node) && node.moduleSpecifier && isStringLiteral(node.moduleSpecifier))
    return { specifier: node.moduleSpecifier.text, typeOnly: node.isTypeOnly };
  if (isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword) {
    const [given] = node.arguments;
    return { specifier: given && isStringLiteral(given) ? given.text : '(computed)', typeOnly: false };
  }
  if (isImportTypeNode(node) && isLiteralTypeNode(node.argument) && isStringLiteral(node.argument.literal))
    return { specifier: node.argument.literal.text, typeOnly: true };
  return undefined;
}

function traitOf(node: Node): Trait | undefined {
  if (node.kind === SyntaxKind.AnyKeyword) return 'any';
  if (node.kind === SyntaxKind.ModuleDeclaration && !node.getText().startsWith('declare')) return 'namespace';
  if (isEnumDeclaration(node)) return 'enum';
  if (isExportAssignment(node) || (node.kind === SyntaxKind.DefaultKeyword && !isSwitchDefault(node)))
    return 'default export';
  if (isExportSpecifier(node) && node.name.getText() === 'default') return 'default export';
  if (!isPropertyAccessExpression(node) || node.expression.getText() !== 'process') return undefined;
  const name = node.name.getText();
  return name === 'exit' || name === 'env' ? `process.${name}` : undefined;
}

const isSwitchDefault = (node: Node) => node.parent?.kind === SyntaxKind.DefaultClause;
