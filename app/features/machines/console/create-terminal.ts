import { FitAddon } from '@xterm/addon-fit'
import { Terminal } from '@xterm/xterm'
import { isFocusReport, suppressReplies } from './suppress-replies'

const THEME = {
  background: '#0b1312',
  foreground: '#dbe5e3',
  cursor: '#4fd1c5',
  cursorAccent: '#0b1312',
  selectionBackground: '#2f5b57',
  black: '#1c2625',
  brightBlack: '#7d8e8b',
  red: '#ff8a80',
  brightRed: '#ffa89f',
  green: '#7bd88f',
  brightGreen: '#9be7aa',
  yellow: '#e5c07b',
  brightYellow: '#f2d59b',
  blue: '#7ab7ff',
  brightBlue: '#a3ceff',
  magenta: '#d6a2ff',
  brightMagenta: '#e4c1ff',
  cyan: '#5fd7cf',
  brightCyan: '#8ce7e0',
  white: '#dbe5e3',
  brightWhite: '#ffffff',
}

const FONT_SIZE_PX = 13

const getFontFamily = () =>
  getComputedStyle(document.documentElement).getPropertyValue('--font-geist-mono').trim() || 'monospace'

/** Has to resolve before a terminal is created: it measures the font only once. */
export const loadTerminalFont = () => document.fonts.load(`${FONT_SIZE_PX}px ${getFontFamily()}`)

interface Options {
  /** Whether the terminal takes input. */
  takesInput: boolean
  /** Its size is set by `resize` instead of that of its element. */
  hasFixedSize: boolean
  /** Changes typed and pasted text. */
  transformInput(text: string): string
  /** Receives typed and pasted text. */
  onInput(bytes: Uint8Array): void
}

/** Creates a terminal that always fills `element`, unless its size is fixed. */
export function createTerminal(element: HTMLElement, options: Options) {
  const { takesInput, hasFixedSize, transformInput, onInput } = options
  const terminal = new Terminal({
    fontFamily: getFontFamily(),
    fontSize: FONT_SIZE_PX,
    lineHeight: 1.25,
    cursorBlink: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    disableStdin: !takesInput,
    scrollback: 10_000,
    screenReaderMode: true,
    theme: THEME,
  })
  terminal.open(element)
  const stopFitting = hasFixedSize ? undefined : fitTerminal(terminal, element)
  const encoder = new TextEncoder()
  // The terminal of the owner answers the guest.
  if (hasFixedSize) suppressReplies(terminal)
  terminal.onData((text) => {
    if (!hasFixedSize || !isFocusReport(text)) onInput(encoder.encode(transformInput(text)))
  })
  terminal.onBinary((text) => onInput(Uint8Array.from(text, (char) => char.charCodeAt(0))))
  terminal.attachCustomKeyEventHandler((event) => {
    // Keyboard users have to be able to leave the terminal.
    if (event.key === 'Tab' && event.shiftKey) return false
    const isCopy = event.ctrlKey && event.shiftKey && event.code === 'KeyC'
    if (!isCopy) return true
    event.preventDefault()
    if (event.type === 'keydown') void copySelection(terminal)
    return false
  })
  return {
    terminal,
    dispose() {
      stopFitting?.()
      terminal.dispose()
    },
  }
}

function fitTerminal(terminal: Terminal, element: HTMLElement) {
  const fit = new FitAddon()
  terminal.loadAddon(fit)
  fit.fit()
  const observer = new ResizeObserver(() => fit.fit())
  observer.observe(element)
  return () => observer.disconnect()
}

/** Copies the selection, or everything if nothing is selected. */
export async function copySelection(terminal: Terminal) {
  if (!terminal.hasSelection()) terminal.selectAll()
  await navigator.clipboard.writeText(terminal.getSelection().trimEnd())
  terminal.clearSelection()
}

export type { Terminal }
