import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { CONFIGURATION_PAGE, withConfigTable } from '@/scripts/config-table'

it('the configuration page lists the current settings', () => {
  const page = readFileSync(CONFIGURATION_PAGE, 'utf8')
  expect(withConfigTable(page), 'run npm run docs:config').toBe(page)
})

it('names only npm commands that exist in the README', () => {
  const readme = readFileSync('README.md', 'utf8')
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  const named = [...readme.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((match) => match[1]!)
  expect(named.length).toBeGreaterThan(4)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})
