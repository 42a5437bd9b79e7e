import { execFile } from 'node:child_process'
import { cp, glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const execFileAsync = promisify(execFile)

it.each([
  ['lib/planted.ts', '@/worker/runtime/claim', 'lib knows neither app nor worker'],
  ['app/planted.ts', '@/worker/runtime/claim', 'app and worker never meet'],
  ['app/ui/planted.ts', '@/app/features/tasks/task-state', 'app/ui knows no feature'],
  ['app/ui/planted.ts', '@/app/live/store', 'app/ui knows no feature'],
  ['worker/planted.ts', '@/app/http/realtime/socket-server', 'worker and app never meet'],
])('refuses %s importing %s', async (file, from, message) => {
  const dir = await mkdtemp(path.join(tmpdir(), 'meanwhile-rules-'))
  try {
    await cp('.oxlintrc.json', path.join(dir, '.oxlintrc.json'))
    await mkdir(path.join(dir, path.dirname(file)), { recursive: true })
    await writeFile(path.join(dir, file), `import '${from}'\n`)
    const found = await execFileAsync(path.resolve('node_modules/.bin/oxlint'), [], { cwd: dir }).catch(
      (error: { stdout: string }) => error,
    )
    expect(found.stdout).toContain(message)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
})

it.each([
  ['app/(app)/**/page.tsx', /await require(User|Admin)\(\)/],
  ['app/(app)/admin/**/page.tsx', /await requireAdmin\(\)/],
])('every page of %s asks by itself who looks', async (pages, asks) => {
  const silent: string[] = []
  for await (const file of glob(pages)) if (!asks.test(await readFile(file, 'utf8'))) silent.push(file)
  expect(silent).toEqual([])
})
