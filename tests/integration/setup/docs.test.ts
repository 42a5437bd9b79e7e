import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { CONFIGURATION_PAGE, withConfigTable } from '@/scripts/config-table'

const markdown = ['.', 'cli', 'client', 'docs', 'docs/decisions', 'docs/grafana', 'deploy'].flatMap(
  (folder) =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((name) => name.endsWith('.md'))
          .map((name) => path.join(folder, name))
      : [],
)
const read = (file: string) => readFileSync(file, 'utf8')

it('resolves every relative link of the documentation', () => {
  const broken = markdown.flatMap((file) => {
    const text = read(file)
    const links = [...text.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)$/gm)].map(
      (link) => link[1] ?? link[2]!,
    )
    return links
      .filter((link) => !/^(https?:|#|mailto:)/.test(link))
      .filter((link) => !existsSync(path.join(path.dirname(file), link.split('#')[0]!)))
      .map((link) => `${file}: ${link}`)
  })
  expect(broken).toEqual([])
})

it('names only source files that exist in the documentation', () => {
  const missing = markdown.flatMap((file) =>
    [...read(file).matchAll(/`((?:app|cli|client|lib|worker|scripts|prisma|tests|deploy)\/[\w./()[\]-]*)`/g)]
      .map((match) => match[1]!)
      .filter((name) => !existsSync(name))
      .map((name) => `${file}: ${name}`),
  )
  expect(missing).toEqual([])
})

it('requires of every decision record a number, date, status and the three sections, and a row in the index', () => {
  const folder = 'docs/decisions'
  const index = read(`${folder}/README.md`)
  const files = readdirSync(folder).filter((name) => name !== 'README.md')
  for (const [n, name] of files.sort().entries()) {
    const text = read(`${folder}/${name}`)
    const number = `${n + 1}`.padStart(4, '0')
    expect(name, 'numbered without gaps').toMatch(new RegExp(`^${number}-[a-z0-9-]+\\.md$`))
    const title = new RegExp(
      `^# ${number}\\. (.+)\\n\\n- Date: (\\d{4}-\\d\\d-\\d\\d)\\n- Status: (.+)\\n`,
    ).exec(text)
    expect(title, `${name} starts with number, title, date and status`).not.toBeNull()
    const sections = [...text.matchAll(/^## (.+)$/gm)].map((match) => match[1])
    expect(sections, name).toEqual(['Context', 'Decision', 'Consequences'])
    const row = new RegExp(`\\[${number}\\]\\(${name}\\)\\s*\\|([^|]+)\\|([^|]+)\\|([^|]+)\\|`).exec(index)
    expect(
      row?.slice(1).map((cell) => cell.trim()),
      `${name} in the index`,
    ).toEqual(title?.slice(1))
  }
})

it('lists the current settings on the configuration page', () => {
  const page = read(CONFIGURATION_PAGE)
  expect(withConfigTable(page), 'run npm run docs:config').toBe(page)
})

it('names only npm commands that exist in the README', () => {
  const readme = read('README.md')
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
  const named = [...readme.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map((match) => match[1]!)
  expect(named.length).toBeGreaterThan(4)
  expect(named.filter((name) => !(name in scripts))).toEqual([])
})
