// Compiles the messages of all languages: messages/<locale>/<area>.json, in ICU MessageFormat, become
// lib/generated/messages/<area>.ts with one typed function per message (decision 0115).
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root, runIfChanged } from './setup.mjs'

const SOURCE = path.join(root, 'messages')
const OUTPUT = path.join(root, 'lib/generated/messages')
/** The messages that are looked up by their names. */
const STORED_OUTPUT = path.join(root, 'lib/generated/stored-messages.ts')
/** Areas whose messages are kept in rows, for readers of any language. */
const STORED_AREAS = /-(errors|names|problems|progress|stages|subjects|tasks|texts)$/
/** Defines which messages and values there are; all other languages must have the same. */
const REFERENCE = 'en'

/** @throws {Error} that lists every message that is missing, superfluous, malformed or has other values than in English */
export function generateMessages() {
  return runIfChanged({
    name: 'messages',
    paths: ['messages', 'scripts/messages.mjs', 'package-lock.json'],
    output: 'lib/generated/stored-messages.ts',
    work: async () => {
      const { default: compile } = await import('icu-minify/compile')
      const areas = compileAreas(readCatalogs(), compile)
      rmSync(OUTPUT, { recursive: true, force: true })
      mkdirSync(OUTPUT, { recursive: true })
      for (const [area, source] of areas) writeFileSync(path.join(OUTPUT, `${area}.ts`), source)
      writeFileSync(STORED_OUTPUT, printStoredAreas(areas.map(([area]) => area)))
    },
  })
}

/** `{ en: { common: { cancel: 'Cancel' } } }` */
function readCatalogs() {
  const catalogs = {}
  for (const locale of readdirSync(SOURCE)) {
    catalogs[locale] = {}
    for (const file of readdirSync(path.join(SOURCE, locale)))
      catalogs[locale][path.parse(file).name] = JSON.parse(
        readFileSync(path.join(SOURCE, locale, file), 'utf8'),
      )
  }
  return catalogs
}

/**
 * Compiles catalogs to TypeScript: pairs of an area and its source.
 * @throws {Error} as `generateMessages`
 */
export function compileAreas(catalogs, compile) {
  const problems = []
  const locales = Object.keys(catalogs).sort((a) => (a === REFERENCE ? -1 : 1))
  const areas = new Set(locales.flatMap((locale) => Object.keys(catalogs[locale])))
  const sources = [...areas].map((area) => [
    area,
    compileArea(area, new Map(locales.map((locale) => [locale, catalogs[locale][area] ?? {}])), {
      compile,
      report: (problem) => problems.push(problem),
    }),
  ])
  if (problems.length) throw new Error(`Messages are wrong:\n${problems.join('\n')}`)
  return sources
}

function compileArea(area, translations, { compile, report }) {
  const reference = translations.get(REFERENCE)
  for (const [locale, messages] of translations)
    for (const key of Object.keys(messages))
      if (!(key in reference)) report(`messages/${locale}/${area}.json: "${key}" is not in ${REFERENCE}`)
  const compiled = Object.entries(reference).map(([key, text]) => {
    if (!/^[a-z][A-Za-z0-9]*$/.test(key))
      report(`messages/${REFERENCE}/${area}.json: "${key}" is not a name in camelCase`)
    let values
    const texts = {}
    for (const [locale, messages] of translations) {
      const file = `messages/${locale}/${area}.json`
      if (!messages[key]) {
        report(`${file}: "${key}" is missing`)
        continue
      }
      let found
      try {
        texts[locale] = compile(messages[key])
        found = findValues(texts[locale])
      } catch (error) {
        report(`${file}: "${key}": ${error.message}`)
        continue
      }
      values ??= found
      if (printValues(found) !== printValues(values))
        report(`${file}: "${key}" has values ${printValues(found)} instead of ${printValues(values)}`)
    }
    return { key, text, texts, values: values ?? new Map() }
  })
  return printArea(area, compiled)
}

/** The TypeScript type of each value in a compiled message. */
function findValues(compiledMessage, values = new Map()) {
  if (!Array.isArray(compiledMessage)) return values
  for (const node of compiledMessage) {
    if (!Array.isArray(node)) continue
    const [name, type, details] = node
    if (node.length === 1) values.set(name, values.get(name) ?? 'string | number')
    else if (typeof type !== 'number') {
      values.set(name, TAG)
      findValues(node.slice(1), values)
    } else {
      values.set(name, printType(type, details))
      if (type >= 1 && type <= 3) for (const option of Object.values(details)) findValues(option, values)
    }
  }
  return values
}

const TAG = '(children: ReactNode[]) => ReactNode'

/** `type` is one of the numbers in icu-minify's types. */
function printType(type, details) {
  if (type >= 4 && typeof details === 'string')
    throw new Error(`there is no format "${details}"; skeletons start with "::"`)
  if (type === 1) {
    const options = Object.keys(details).filter((option) => option !== 'other')
    return options.length === Object.keys(details).length ? options.map(quote).join(' | ') : 'string'
  }
  return type >= 5 ? 'Date' : 'number'
}

const quote = (text) => `'${text}'`

const printValues = (values) =>
  `{ ${[...values]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, type]) => `${name}: ${type}`)
    .join('; ')} }`

function printArea(area, compiled) {
  const isRich = ({ values }) => [...values.values()].includes(TAG)
  const lines = compiled.map((entry) => {
    const create = isRich(entry) ? 'richMessage' : 'message'
    const type = entry.values.size ? `<${printValues(entry.values)}>` : ''
    const comment = entry.text.replaceAll('*/', '* /').replaceAll('\n', ' ')
    // The prefix allows keys that are reserved words.
    return `/** ${comment} */\nconst $${entry.key} = /* @__PURE__ */ ${create}${type}(${JSON.stringify(entry.texts)})\nexport { $${entry.key} as ${entry.key} }`
  })
  const hasRich = compiled.some(isRich)
  return [
    `// Generated from messages/*/${area}.json by scripts/messages.mjs.`,
    ...(hasRich
      ? ["import type { ReactNode } from 'react'", "import { richMessage } from '../../i18n/rich-message'"]
      : []),
    ...(compiled.every(isRich) ? [] : ["import { message } from '../../i18n/message'"]),
    ...lines,
    '',
  ].join('\n')
}

function printStoredAreas(areas) {
  const stored = areas.filter((area) => STORED_AREAS.test(area))
  return [
    '// Generated by scripts/messages.mjs.',
    ...stored.map((area, n) => `import * as area${n} from './messages/${area}'`),
    `export const storedAreas = { ${stored.map((area, n) => `${quote(area)}: area${n}`).join(', ')} }`,
    '',
  ].join('\n')
}

if (import.meta.filename === process.argv[1]) await generateMessages()
