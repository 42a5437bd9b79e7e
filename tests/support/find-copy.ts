import { readFileSync } from 'node:fs'
import { parseSync, Visitor } from 'oxc-parser'

/** Attributes and properties whose text users read. */
const COPY_NAMES =
  /^(aria-(label|description|roledescription|valuetext)|alt|placeholder|title|label|[a-z]+Label|message|hint|heading|advice|text|reason|empty)$/
/** A word, or a sentence, in upper case at its start. */
const WORD = /^[A-Z][a-z]+[.:…!?]?$/
const SENTENCE = /^[A-Z][a-z’'-]*,?:? [^\s]|\$\{\} [a-z]{2,}/
const LETTERS = /\p{L}{2}/u
/** Text of `node`; values in a template are `${}`. */
const readText = (node: {
  type: string
  value?: unknown
  quasis?: { value: { cooked: string | null } }[]
}) => {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined
  if (node.type === 'TemplateLiteral') return node.quasis!.map(({ value }) => value.cooked).join('${}')
  return undefined
}

/** Finds text for users that is not in the message catalog: pairs of line and text. */
export function findCopy(file: string, { isPage }: { isPage: boolean }) {
  const source = readFileSync(file, 'utf8')
  const found: { line: number; text: string }[] = []
  /** Starts of nodes with text for developers: imports, class names, internal errors. */
  const excluded = new Set<number>()
  const exclude = (node: { start: number } | null | undefined) => void (node && excluded.add(node.start))
  const classNames: { start: number; end: number }[] = []
  const report = (start: number, text: string) =>
    void found.push({ line: source.slice(0, start).split('\n').length, text: text.trim() })
  const check = (node: { start: number; type: string }, pattern: RegExp) => {
    const text = readText(node)
    if (text === undefined || excluded.has(node.start) || !pattern.test(text)) return
    if (classNames.some(({ start, end }) => node.start >= start && node.start < end)) return
    exclude(node)
    report(node.start, text)
  }
  new Visitor({
    ImportDeclaration: (node) => exclude(node.source),
    TSLiteralType: (node) => exclude(node.literal),
    NewExpression(node) {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Error') node.arguments.forEach(exclude)
    },
    JSXText: (node) => void (LETTERS.test(node.value) && report(node.start, node.value)),
    JSXAttribute(node) {
      const name = node.name.type === 'JSXIdentifier' ? node.name.name : ''
      if (name === 'className') classNames.push(node)
      if (node.value && COPY_NAMES.test(name)) check(node.value, WORD)
    },
    Property(node) {
      const name = node.key.type === 'Identifier' ? node.key.name : ''
      if (name === 'className') exclude(node.value)
      else if (COPY_NAMES.test(name)) {
        check(node.value, WORD)
        check(node.value, SENTENCE)
      }
    },
    'Literal:exit': (node) => void (isPage && check(node, SENTENCE)),
    'TemplateLiteral:exit': (node) => void (isPage && check(node, SENTENCE)),
  }).visit(parseSync(file, source).program)
  return found
}
