import { expect, it } from 'vitest'
import { createScriptOutput } from './script-output'

const KIB = 1024

it('previews the newest 8 KiB when the output has just exceeded the stored beginning', () => {
  const output = createScriptOutput()
  output.append(Buffer.from('a'.repeat(64 * KIB)))
  output.append(Buffer.from('the end'))
  const { outputTail, outputBytes } = output.preview()
  expect(outputTail).toHaveLength(8 * KIB)
  expect(outputTail.endsWith('aaathe end')).toBe(true)
  expect(outputBytes).toBe(64 * KIB + 7)
})

it('keeps the beginning and the end of a long output and counts the omitted bytes', () => {
  const output = createScriptOutput()
  output.append(Buffer.from('a'.repeat(64 * KIB)))
  output.append(Buffer.from('b'.repeat(10)))
  output.append(Buffer.from('c'.repeat(64 * KIB)))
  const result = output.result()
  expect(result.outputBytes).toBe(128 * KIB + 10)
  expect(result.output).toBe(`${'a'.repeat(64 * KIB)}\n… 10 bytes omitted …\n${'c'.repeat(64 * KIB)}`)
})
