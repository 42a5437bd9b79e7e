import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { configSchema } from '@/lib/config/config'

// `npm run docs:config`: writes the README's table of settings from lib/config/config.ts, between its two marks.
const [START, END] = ['<!-- settings -->', '<!-- /settings -->']

/** The README with the table as the settings are now. */
export function withConfigTable(readme: string) {
  const [before, rest] = readme.split(START)
  const after = rest?.split(END)[1]
  if (after === undefined) throw new Error(`README.md needs ${START} and ${END}`)
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

if (process.argv[1] === import.meta.filename)
  writeFileSync('README.md', withConfigTable(readFileSync('README.md', 'utf8')))
