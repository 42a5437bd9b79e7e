import { execFileSync } from 'node:child_process'
import type { App } from '@/tests/support/app'

/** Somebody with an API key. */
export function createUser(app: App, email: string) {
  const admin = (...args: string[]) =>
    execFileSync(process.execPath, ['--import', 'tsx', 'scripts/admin.ts', ...args], {
      env: app.env,
    }).toString()
  admin('create-user', '--email', email, '--password', 'correct-horse-battery')
  return { email, key: admin('create-key', '--email', email, '--name', 'bench').trim() }
}
