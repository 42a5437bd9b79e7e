import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { evalArgs } from '@/tests/support/eval-args'

const PROCESSES = 6
const FILES = 300
let dir: string
beforeAll(() => void (dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-secrets-'))))
afterAll(() => rmSync(dir, { recursive: true }))

const runCode = async (code: string, env: Record<string, string> = {}) =>
  (
    await promisify(execFile)(process.execPath, evalArgs(code), { env: { ...process.env, ...env } })
  ).stdout.trim()

it('gives the same complete secrets to processes that start at the same time', async () => {
  const code = `
    import { randomBytes } from 'node:crypto'
    import { readOrCreateFile } from './lib/process/read-or-create-file.ts'
    const secrets = []
    for (let n = 0; n < ${FILES}; n++)
      secrets.push(readOrCreateFile(${JSON.stringify(dir)} + '/secret-' + n, () => randomBytes(32).toString('hex')))
    console.log(JSON.stringify(secrets))`
  const outputs = await Promise.all(Array.from({ length: PROCESSES }, () => runCode(code)))
  const secrets = JSON.parse(outputs[0]!) as string[]
  for (const output of outputs) expect(JSON.parse(output)).toEqual(secrets)
  expect(secrets.every((secret) => /^[0-9a-f]{64}$/.test(secret))).toBe(true)
})

it('never signs with the empty secret that an interrupted first start left behind', async () => {
  mkdirSync(path.join(dir, 'secrets'))
  writeFileSync(path.join(dir, 'secrets', 'auth'), '')
  const code = `
    import { authSecret } from './lib/accounts/auth-secret.ts'
    try { console.log('secret: ' + authSecret()) } catch (error) { console.log(error.message) }`
  const file = path.join(dir, 'secrets', 'auth')
  expect(await runCode(code, { AUTH_SECRET: '', DATA_DIR: dir })).toBe(
    `${file} is empty. Restore it from a backup, or delete it.`,
  )
})
