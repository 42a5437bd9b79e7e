import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { findCopy } from '@/tests/support/find-copy'

const sources = execFileSync('git', ['ls-files', 'app', 'lib', 'worker', 'server.ts'], { encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.test.ts'))

/** Text that stays English (docs/translation.md), by file. */
const ENGLISH: Record<string, RegExp> = {
  'app/api/metrics/route.ts': /^Bearer/,
  'app/features/account/auth-page.tsx': /^Meanwhile$/,
  'app/features/captions/editor/find-replace.tsx': /^Aa$/,
  'app/features/videos/proof-sheet/proof-table.tsx': /^\$\{\} ms$/,
  'app/features/webhooks/delivery-row.tsx': /^webhook-id$/,
  'app/shell/shell.tsx': /^Meanwhile$/,
  'lib/config/config.ts': /./,
  'lib/config/queue-options.ts': /./,
  'lib/mail/templates/mail-layout.tsx': /^Meanwhile$/,
  'lib/openapi.ts': /^Meanwhile$/,
  'lib/tasks/queue-overrides.ts': /./,
  'lib/webhooks/delivery-commands.ts': /^This is a test event/,
  'worker/captions/speech/engines.ts': /^(Whisper|Parakeet|Moonshine|SenseVoice)$/,
  'worker/captions/speech/import-model-file.ts': /npm run models/,
  'worker/captions/speech/models.ts': /^Silero/,
  'worker/machines/drivers/qemu/images/debian/debian-image.ts': /^Debian 12$/,
  'worker/machines/drivers/qemu/images/tiny-image.ts': /^Tiny Linux$/,
}

it('finds text for users in the message catalog only', () => {
  const found = sources.flatMap((file) =>
    findCopy(file, { isPage: file.startsWith('app/') })
      .filter(({ text }) => !ENGLISH[file]?.test(text))
      .map(({ line, text }) => `${file}:${line}: ${text}`),
  )
  expect(found).toEqual([])
})

it('uses every message', () => {
  const used = new Map<string, string>()
  for (const file of sources) {
    const source = readFileSync(file, 'utf8')
    for (const [, area] of source.matchAll(/generated\/messages\/([\w-]+)'/g))
      used.set(area!, (used.get(area!) ?? '') + source)
  }
  const unused = readdirSync('messages/en').flatMap((name) => {
    const area = path.parse(name).name
    const catalog = JSON.parse(readFileSync(`messages/en/${name}`, 'utf8')) as Record<string, string>
    return Object.keys(catalog)
      .filter((key) => !new RegExp(`\\b${key}\\b`).test(used.get(area) ?? ''))
      .map((key) => `${name}: ${key}`)
  })
  expect(unused).toEqual([])
})

/** Time runs from left to right in all languages. */
const TIMELINES = ['app/features/videos/trim/trim-slider.tsx']

it('places nothing at the left or right, which right-to-left scripts mirror', () => {
  const directional =
    /(?<![\w-])-?(?:[mp][lr]|(?:scroll-[mp]|border-|rounded-)[lr]|rounded-[tb][lr]|text-(?:left|right)|(?:left|right))-(?:\[|\d|auto|px|full|sm|md|lg|xl|none)/
  const found = sources
    .filter((file) => file.endsWith('.tsx') && !TIMELINES.includes(file))
    .flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, n) =>
          directional.test(line) && !line.includes('rtl:') ? [`${file}:${n + 1}: ${line.trim()}`] : [],
        ),
    )
  expect(found).toEqual([])
})

it('formats no text while modules are loaded, before the language is known', { tags: 'full' }, () => {
  const args = ['--import', 'tsx', 'tests/support/find-early-texts.ts']
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('')
})
