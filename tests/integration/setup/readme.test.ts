import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withConfigTable } from '@/scripts/config-table'

const readme = readFileSync('README.md', 'utf8')

it('the README lists the settings as they are', () => {
  expect(withConfigTable(readme), 'run npm run docs:config').toBe(readme)
})

it('every npm command that the README names exists', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  const named = [...readme.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((match) => match[1]!)
  expect(named.length).toBeGreaterThan(4)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})
