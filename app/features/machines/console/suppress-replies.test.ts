import { Terminal } from '@xterm/xterm'
import { expect, it } from 'vitest'
import { isFocusReport, suppressReplies } from './suppress-replies'

/** Every query that xterm.js answers without an element. */
const QUERIES = {
  'device status': '\u001b[5n',
  'cursor position': '\u001b[6n',
  'cursor position of DEC': '\u001b[?6n',
  'primary device attributes': '\u001b[c',
  'secondary device attributes': '\u001b[>c',
  'ANSI mode': '\u001b[4$p',
  'private mode': '\u001b[?25$p',
  setting: '\u001bP$qm\u001b\\',
}

/** Writes what a guest prints. @returns what the terminal sends back, and the color sequences that it carries out */
async function print(text: string, prepare: (terminal: Terminal) => void = () => undefined) {
  const terminal = new Terminal()
  const sent: string[] = []
  const colors: string[] = []
  for (const number of [4, 10, 11, 12])
    terminal.parser.registerOscHandler(number, (data) => colors.push(`${number};${data}`) > 0)
  prepare(terminal)
  terminal.onData((data) => sent.push(data))
  await new Promise<void>((resolve) => terminal.write(text, resolve))
  const line = terminal.buffer.active.getLine(0)!.translateToString(true)
  terminal.dispose()
  return { sent, colors, line }
}

it.each(Object.entries(QUERIES))('answers no query for the %s', async (_, query) => {
  expect((await print(query)).sent).toHaveLength(1)
  expect(await print(`${query}x`, suppressReplies)).toEqual({ sent: [], colors: [], line: 'x' })
})

it('answers no query for colors, and still sets them', async () => {
  const queries =
    '\u001b]4;1;?\u0007\u001b]10;?\u0007\u001b]11;?\u0007\u001b]12;?\u0007\u001b]10;#fff;?\u0007'
  expect((await print(queries)).colors).toHaveLength(5)
  expect((await print(queries, suppressReplies)).colors).toEqual([])
  expect((await print('\u001b]4;1;#f00\u0007\u001b]11;#00f\u0007', suppressReplies)).colors).toEqual([
    '4;1;#f00',
    '11;#00f',
  ])
})

it('distinguishes reports of the focus from keys', async () => {
  const { sent } = await print('\u001b[?1004h')
  expect(sent.map(isFocusReport)).toEqual([true])
  expect(['\u001b[A', '\u001bOP', '\u001b[1;2R', 'I'].filter(isFocusReport)).toEqual([])
})
