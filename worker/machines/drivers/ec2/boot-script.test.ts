import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { parseScriptOutput, toScriptConfig } from './boot-script'

const TOKEN = 'a1b2c3'

/** What the command of the configuration prints on the console. */
function runScript(script: string) {
  const dir = mkdtempSync(path.join(tmpdir(), 'meanwhile-script-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const { write_files: files, runcmd } = toScriptConfig({ script, endToken: TOKEN })
  writeFileSync(path.join(dir, 'script'), Buffer.from(files[0]!.content, 'base64'))
  const [program, ...args] = runcmd[0]!
  const here = args.map((arg) =>
    arg
      .replaceAll('/var/lib/meanwhile', dir)
      .replace('/dev/console', path.join(dir, 'console'))
      .replace('cd /root', 'cd /'),
  )
  execFileSync(program!, here)
  return readFileSync(path.join(dir, 'console'), 'utf8')
}

it('finds output and exit code of a script among other output of the console', () => {
  const printed = runScript('echo one\necho exit 7 >&2\nprintf end\nexit 3')
  const console = `[    1.2] kernel: eth0 up\r\n${printed.replaceAll('\n', '\r\n')}login: `
  expect(parseScriptOutput(console, TOKEN)).toEqual({ output: 'one\nexit 7\nend\n', exitCode: 3 })
})

it('has no exit code until the script has ended, though its mark is typed on the console', () => {
  const console = [
    'boot',
    '[meanwhile] exit 0',
    '[meanwhile] exit 0 ',
    `[meanwhile] exit 0 ${TOKEN.replace('a', 'b')}`,
    `login: [meanwhile] exit 0 ${TOKEN}`,
    '[meanwhile] | one',
    '',
  ].join('\r\n')
  expect(parseScriptOutput(console, TOKEN)).toEqual({ output: 'one\n', exitCode: undefined })
})

it('prints what marks its end only then', () => {
  const printed = runScript('cat "$0" >&2\nexit 1')
  expect(printed.indexOf(TOKEN)).toBe(printed.lastIndexOf(TOKEN))
  expect(printed.split('\n').at(-2)).toBe(`[meanwhile] exit 1 ${TOKEN}`)
})
