import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('runs from any folder', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [`${process.cwd()}/cli/meanwhile.mjs`, 'help'],
    {
      cwd: '/',
    },
  )
  expect(stdout).toMatch(/^Usage: meanwhile COMMAND/)
  expect(stdout).toContain('machines order')
})
