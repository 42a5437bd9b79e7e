import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { configSchema } from '@/lib/config/schema'

// `npm run docs:config`: writes the table of configuration variables between two markers in docs/configuration.md.
export const CONFIGURATION_PAGE = 'docs/configuration.md'
const [START, END] = ['<!-- settings -->', '<!-- /settings -->']

/** Returns `page` with the table of the current schema. @throws {Error} if a marker is missing */
export function withConfigTable(page: string) {
  const [before, rest] = page.split(START)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new Error(`${CONFIGURATION_PAGE} must contain ${START} and ${END}.`)
  return `${before}${START}\n\n${configTable()}\n\n${END}${after}`
}

function configTable() {
  const rows = Object.entries(configSchema.shape).map(([name, schema]) => {
    const { description = '' } = schema.meta() ?? {}
    return [`\`${name}\``, formatDefault(name, schema), description]
  })
  const all = [['variable', 'default', 'meaning'], ...rows]
  const widths = [0, 1, 2].map((n) => Math.max(...all.map((row) => row[n]!.length)))
  const line = (row: string[]) => `| ${row.map((cell, n) => cell.padEnd(widths[n]!)).join(' | ')} |`
  const rule = line(widths.map((width) => '-'.repeat(width)))
  return [line(all[0]!), rule, ...rows.map(line)].join('\n')
}

function formatDefault(name: string, schema: z.ZodType) {
  if (name === 'MEDIA_THREADS' || name === 'CAPTION_THREADS') return 'cores'
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  if (typeof json.default === 'number' && name.endsWith('_BYTES')) return `${json.default / 1024 ** 3} GiB`
  return typeof json.default === 'string' || typeof json.default === 'number' ? `${json.default}` : ''
}

if (import.meta.main)
  writeFileSync(CONFIGURATION_PAGE, withConfigTable(readFileSync(CONFIGURATION_PAGE, 'utf8')))
