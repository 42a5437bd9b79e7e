import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { FOLLOW_CLOUD_INIT } from './follow-cloud-init'

/** Runs it where `cloud-init` is the given program, if any. */
function follow(program?: string) {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-cloud-init-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const log = path.join(dir, 'output.log')
  writeFileSync(log, 'early\n')
  if (program)
    writeFileSync(path.join(dir, 'cloud-init'), `#!/bin/sh\nlog=${log}\n${program}`, { mode: 0o755 })
  const script = FOLLOW_CLOUD_INIT.replace('/var/log/cloud-init-output.log', log)
  try {
    const env = { ...process.env, PATH: `${dir}:${process.env.PATH}` }
    return { output: execFileSync('/bin/sh', ['-c', script], { env }).toString(), exitCode: 0 }
  } catch (error) {
    const { stdout, status } = error as { stdout: Buffer; status: number }
    return { output: stdout.toString(), exitCode: status }
  }
}

it('shows what cloud-init prints until its end, and returns its exit code', () => {
  expect(follow('echo late >>"$log"; exit 2')).toEqual({ output: 'early\nlate\n', exitCode: 2 })
  expect(follow('[ "$1 $2" = "status --wait" ]')).toEqual({ output: 'early\n', exitCode: 0 })
})

it('explains that an image has no cloud-init', () =>
  expect(follow()).toEqual({ output: expect.stringContaining('no cloud-init'), exitCode: 127 }))
