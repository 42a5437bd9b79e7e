import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

/** Words that are not standard technical English, and what to write instead. See docs/glossary.md. */
const DISCOURAGED: [pattern: RegExp, advice: string][] = [
  [/\b(who|what|which)ever\b/i, 'name the subject: the caller, the user, any client'],
  [
    /\b(somebody|someone|anybody|everybody|everyone)\b/i,
    'say who: user, owner, caller, client, administrator',
  ],
  [/\bnobody\b/i, 'say who, or use the passive: "no worker", "is not read"'],
  [/\b(people|strangers?|an? person)\b/i, 'say who: user, another user, owner, client, administrator'],
  [/\b(tells?|told)\b/i, 'say notifies, publishes, reports, returns or distinguishes'],
  [/\b(hears?|heard)\b/i, 'say listens, reads or receives'],
  [/\basks? for\b|\basked for\b/i, 'say requests, requested'],
  [/\bput away\b|\bstands? in line\b|\bfor good\b/i, 'say dismissed, queued, permanently'],
  [/\bgoes on\b|\blets? go\b|\blooks? after\b/i, 'say continues, releases, maintains'],
  [/\bat present\b|\banew\b|\bonce and for all\b/i, 'say currently, again, permanently'],
  [/\b(interface|type) Given\b/, 'call it Deps, Options or Props'],
]

/** Legitimate uses, by file: names of the system, samples of speech, and the glossary's list of words not to use. */
const ALLOWED: Record<string, RegExp> = {
  'docs/glossary.md': /./,
  LICENSE: /./,
  'worker/machines/drivers/qemu/images/tiny-files.ts': /nobody:x:65534/,
  'worker/process/bwrap-base-args.ts': /user `nobody`/,
  'worker/runtime/scratch.ts': /user nobody/,
  'tests/integration/setup/language.test.ts': /./,
}

const isText = (file: string) =>
  /\.(ts|tsx|mjs|md|sh|css|ya?ml|json|conf|service|prisma)$/.test(file) || !file.includes('.')
const isGenerated = (file: string) => file === 'package-lock.json' || file.startsWith('prisma/migrations/')

it('comments, names and copy use standard terms', () => {
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .filter((file) => isText(file) && !isGenerated(file))
  const found = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) => {
        if (ALLOWED[file]?.test(line)) return []
        return DISCOURAGED.filter(([pattern]) => pattern.test(line)).map(
          ([, advice]) => `${file}:${index + 1}: ${line.trim().slice(0, 100)} → ${advice}`,
        )
      }),
  )
  expect(found).toEqual([])
})
