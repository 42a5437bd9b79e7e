import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { useDatabase } from '@/tests/support/database'

const database = useDatabase()
const execFileAsync = promisify(execFile)

const runAdmin = (...args: string[]) =>
  execFileAsync(process.execPath, ['--import', 'tsx', 'scripts/admin.ts', ...args], {
    env: { ...process.env, DATABASE_URL: database.url, AUTH_SECRET: 'a-secret-of-the-admin-test-0123456789' },
  })

it('creates an account, then prints an API key of it alone', { tags: 'full' }, async () => {
  const email = 'cli@example.com'
  await runAdmin('create-user', '--email', email, '--password', 'correct-horse-battery', '--admin')
  expect(await database.db.user.findUnique({ where: { email } })).toMatchObject({
    role: 'admin',
    emailVerified: true,
  })
  const { stdout } = await runAdmin('create-key', '--email', email, '--name', 'script')
  expect(stdout).toMatch(/^mw_\w+\n$/)
})

it(
  'refuses a password that is too short, an unknown account and an unknown command with exit code 1',
  { tags: 'full' },
  async () => {
    const short = runAdmin('create-user', '--email', 'b@example.com', '--password', 'short')
    await expect(short).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/too short/i) })
    const unknown = runAdmin('create-key', '--email', 'unknown@example.com', '--name', 'x')
    await expect(unknown).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('No account with the email'),
    })
    await expect(runAdmin('unknown')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Usage:'),
    })
  },
)
