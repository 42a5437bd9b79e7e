import type { Terminal } from '@xterm/xterm'

/** Device status and attributes, and modes: DSR, DA, DECRQM. */
const CSI_QUERIES = [
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
]
/** Colors: of the palette, foreground, background, cursor. They are set by the same sequences. */
const OSC_COLORS = [4, 10, 11, 12]

/**
 * Keeps a terminal from answering queries of the guest, which would read each answer like typed keys: a console with several
 * terminals is to answer once. xterm.js answers to no others.
 */
export function suppressReplies({ parser }: Terminal) {
  for (const id of CSI_QUERIES) parser.registerCsiHandler(id, () => true)
  // DECRQSS
  parser.registerDcsHandler({ intermediates: '$', final: 'q' }, () => true)
  for (const number of OSC_COLORS) parser.registerOscHandler(number, (data) => data.split(';').includes('?'))
}

/** What a terminal sends when its focus changes, if a program has requested that (mode 1004). */
export const isFocusReport = (text: string) => text === '\u001b[I' || text === '\u001b[O'
