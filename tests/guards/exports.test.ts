import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from '@jest/globals';
import ts from 'typescript';

const root = join(import.meta.dirname, '../..');

/** Loaded by its path: the workflow that the benchmark of orders compares with. */
const entries = ['bench/bare.ts'];

const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
  cwd: root,
})
  .toString()
  .split('\0')
  .filter((path) => path !== '' && !path.startsWith('shops/') && existsSync(join(root, path)))
  .map((path) => ({
    path,
    source: ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true),
  }));

/** Imported names as `file name`; `file *` for a whole module. */
const imported = new Set(files.flatMap(({ path, source }) => importsOf(path, source)));

function importsOf(path: string, source: ts.SourceFile): string[] {
  const found: string[] = [];
  const note = (from: ts.Node, name: string) =>
    ts.isStringLiteral(from) && found.push(`${normalize(join(dirname(path), from.text))} ${name}`);
  const visit = (node: ts.Node): void => {
    const { moduleSpecifier: from } = node as ts.ImportDeclaration | ts.ExportDeclaration;
    const named = ts.isImportDeclaration(node)
      ? node.importClause?.namedBindings
      : (node as ts.ExportDeclaration).exportClause;
    if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && from) {
      if (named && (ts.isNamedImports(named) || ts.isNamedExports(named)))
        for (const { propertyName, name } of named.elements) note(from, (propertyName ?? name).text);
      else note(from, '*');
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword)
      note(node.arguments[0]!, '*');
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) note(node.argument.literal, '*');
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function exportsOf(source: ts.SourceFile): string[] {
  const isExported = (node: ts.Node) =>
    ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  const isDefault = (node: ts.Node) =>
    ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);
  return source.statements
    .filter((node) => isExported(node) && !isDefault(node))
    .flatMap((node) => {
      if (ts.isVariableStatement(node)) return node.declarationList.declarations.map(({ name }) => name.getText());
      const { name } = node as ts.FunctionDeclaration | ts.TypeAliasDeclaration;
      return name ? [name.text] : [];
    });
}

it('each export is imported by another file', () => {
  const unused = files
    .filter(({ path }) => !entries.includes(path))
    .flatMap(({ path, source }) => exportsOf(source).map((name) => ({ path, name })))
    .filter(({ path, name }) => !imported.has(`${path} ${name}`) && !imported.has(`${path} *`));

  expect(files.length).toBeGreaterThan(300);
  expect(unused.map(({ path, name }) => `${path} ${name}`)).toEqual([]);
});
