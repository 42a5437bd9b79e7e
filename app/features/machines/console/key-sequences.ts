/** Keys that phones lack. */
export type BarKey = 'Escape' | 'Tab' | 'ArrowLeft' | 'ArrowUp' | 'ArrowDown' | 'ArrowRight'

const ARROWS: Partial<Record<BarKey, string>> = {
  ArrowUp: 'A',
  ArrowDown: 'B',
  ArrowRight: 'C',
  ArrowLeft: 'D',
}

interface Mode {
  /** Whether a program has switched the arrows to their other sequences. */
  isApplicationMode: boolean
  hasControl: boolean
}

/** What a key sends to the machine. https://invisible-island.net/xterm/ctlseqs/ctlseqs.html */
export function toKeySequence(key: BarKey, { isApplicationMode, hasControl }: Mode) {
  if (key === 'Escape') return '\u001b'
  if (key === 'Tab') return '\t'
  if (hasControl) return `\u001b[1;5${ARROWS[key]}`
  return `\u001b${isApplicationMode ? 'O' : '['}${ARROWS[key]}`
}

/** What a typed character sends while Ctrl is held; other text stays as it is. */
export function toControlCharacter(text: string) {
  if (text === ' ') return '\0'
  const code = text.toUpperCase().charCodeAt(0)
  return text.length === 1 && code >= 0x40 && code <= 0x5f ? String.fromCharCode(code & 0x1f) : text
}
