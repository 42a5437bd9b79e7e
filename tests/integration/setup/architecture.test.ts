import { execFile } from 'node:child_process'
import { cp, glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'

const execFileAsync = promisify(execFile)

/** Writes files into a new folder and returns what a check prints there. */
async function runCheck(check: 'oxlint' | 'knip', files: Record<string, string>) {
  const dir = await mkdtemp(path.join(tmpdir(), 'meanwhile-rules-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.join(dir, path.dirname(file)), { recursive: true })
    await writeFile(path.join(dir, file), content)
  }
  await cp('tsconfig.json', path.join(dir, 'tsconfig.json'))
  await cp('.oxlintrc.json', path.join(dir, '.oxlintrc.json'))
  const { stdout } = await execFileAsync(path.resolve('node_modules/.bin', check), [], { cwd: dir }).catch(
    (error: { stdout: string }) => error,
  )
  return stdout
}

describe('the import rules', () => {
  it.each([
    ['lib/planted.ts', '@/worker/runtime/claim', 'lib imports neither app nor worker'],
    ['lib/planted.ts', '@/app/ui/button', 'lib imports neither app nor worker'],
    ['lib/tasks/planted.ts', '@/worker/runtime/claim', 'lib imports neither app nor worker'],
    ['lib/tasks/planted.ts', '../videos/queries', 'lib/tasks and lib/storage know no domain'],
    ['lib/tasks/planted.ts', '@/lib/kinds', 'lib/tasks and lib/storage know no domain'],
    ['lib/storage/planted.ts', '@/lib/captions/queries', 'lib/tasks and lib/storage know no domain'],
    ['app/planted.ts', '@/worker/runtime/claim', 'app and worker never import each other'],
    ['app/ui/planted.ts', '@/worker/runtime/claim', 'app and worker never import each other'],
    ['app/ui/planted.ts', '@/app/features/tasks/task-list', 'app/ui holds primitives'],
    ['worker/planted.ts', '@/app/http/realtime/socket-server', 'worker and app never import each other'],
    ['worker/machines/planted.ts', './drivers/qemu/qemu-hypervisor', 'Only worker/context.ts chooses'],
    ['worker/machines/host/planted.ts', '../drivers/choose-hypervisor', 'Only worker/context.ts chooses'],
    ['worker/machines/handlers/planted.ts', '@/app/ui/button', 'worker and app never import each other'],
    ['worker/machines/drivers/fake/planted.ts', '../qemu/qemu-host', 'Drivers do not import each other'],
    ['worker/machines/drivers/qemu/planted.ts', '../fake/fake-guest', 'Drivers do not import each other'],
  ])('refuse %s importing %s', async (file, from, message) => {
    expect(await runCheck('oxlint', { [file]: `import '${from}'\n` })).toContain(message)
  })

  it('refuse a cycle of files, of types too', async () => {
    const output = await runCheck('oxlint', {
      'lib/one.ts': `import type { Two } from './two'\nexport type One = { two?: Two }\n`,
      'lib/two.ts': `import type { One } from '@/lib/one'\nexport type Two = { one?: One }\n`,
    })
    expect(output).toContain('Dependency cycle detected')
  })

  it('refuse an export that no file imports', async () => {
    const { rules } = JSON.parse(await readFile('knip.json', 'utf8')) as { rules?: object }
    const output = await runCheck('knip', {
      'package.json': JSON.stringify({ name: 'planted', type: 'module' }),
      'knip.json': JSON.stringify({ entry: ['index.ts'], project: ['*.ts'], rules }),
      'index.ts': `import { used } from './lib'\nused()\n`,
      'lib.ts': 'export const used = () => 0\nexport const unused = 1\nexport interface Unused {}\n',
    })
    expect(output).toMatch(/Unused exports \(1\)\nunused/)
    expect(output).toMatch(/Unused exported types \(1\)\nUnused/)
  })
})

/** Lets in users who must set up a second factor first. */
const SECOND_FACTOR_PAGE = 'app/(app)/account/security/page.tsx'

it.each([
  ['app/(app)/**/page.tsx', /await require(User|Admin)\(\)/],
  ['app/(app)/admin/**/page.tsx', /await requireAdmin\(\)/],
])('every page of %s checks the user itself', async (pages, check) => {
  const unchecked: string[] = []
  for await (const file of glob(pages)) if (!check.test(await readFile(file, 'utf8'))) unchecked.push(file)
  expect(unchecked.filter((file) => file !== SECOND_FACTOR_PAGE)).toEqual([])
})
