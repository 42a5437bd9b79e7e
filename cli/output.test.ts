import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { Output } from './output'

function createOutput(isJson = false) {
  const written = { stdout: '', stderr: '' }
  const writeTo = (name: keyof typeof written) =>
    new Writable({ write: (chunk, _encoding, done) => ((written[name] += String(chunk)), done()) })
  return { written, output: new Output({ stdout: writeTo('stdout'), stderr: writeTo('stderr'), isJson }) }
}

it('prints nothing that could drive the terminal: titles are text of other users', () => {
  const { output, written } = createOutput()
  const title = 'a\x1b]0;b\x07\x9b2J\r\nc\u202ed'
  output.result({ title }, title)
  output.note(title)
  output.table([], ['TITLE'], [[title]])
  expect(written.stdout + written.stderr).not.toMatch(/[^\P{Cc}\n]|\u202e/u)
})

it('prints one JSON document per line, and no lines for users on stdout', () => {
  const { output, written } = createOutput(true)
  output.result({ a: 'b\nc' }, 'a line')
  output.table([{ id: 1 }], ['ID'], [['1']])
  output.note('a note')
  expect(written).toEqual({ stdout: '{"a":"b\\nc"}\n[{"id":1}]\n', stderr: 'a note\n' })
})

it('prints JSON that does not drive the terminal either', () => {
  const { output, written } = createOutput(true)
  const title = 'a\x9b2J\u202eb\u{e0001}'
  output.result({ title })
  expect(written.stdout).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u)
  expect(JSON.parse(written.stdout)).toEqual({ title })
})

it('aligns columns', () => {
  const { output, written } = createOutput()
  output.table(
    [],
    ['ID', 'NAME'],
    [
      ['1', 'one'],
      ['twelve', 'x'],
    ],
  )
  expect(written.stdout).toBe('ID      NAME\n1       one\ntwelve  x\n')
})
