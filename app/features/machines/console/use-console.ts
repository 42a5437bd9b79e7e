'use client'

import { type RefObject, useEffect, useRef, useState } from 'react'
import type { ConsoleUsage } from '@/lib/machines/console-protocol'
import { announceOutput } from './announce-output'
import { ConsoleHistory } from './console-history'
import type { ConsoleSource } from './console-source'
import type { Terminal } from './create-terminal'
import { type BarKey, toControlCharacter, toKeySequence } from './key-sequences'
import { type ConsoleEnd, openConsole } from './open-console'
import { replayRecording } from './replay'
import { useControlKey } from './use-control-key'
import * as messages from '@/lib/generated/messages/machine-console'

const MAX_USAGE_SAMPLES = 90

interface TerminalControls {
  terminal: Terminal
  history: ConsoleHistory
  /** While history is written, the terminal would answer queries that a program sent earlier. */
  isRestoring: boolean
}

export interface ConsoleOptions {
  /** Has to stay the same between renderings. */
  source: ConsoleSource
  /** False while no host can serve the console. */
  isReachable: boolean
  isPoweredOn: boolean
  takesInput: boolean
  /** For viewers who may not set the window size: it follows that of the owner. */
  hasFixedSize?: boolean
  /** Called when the console is not opened again. Has to stay the same between renderings. */
  onEnd?(reason: ConsoleEnd): void
}

/** Attaches a terminal in `element` to the console of a machine. */
export function useConsole(
  element: RefObject<HTMLElement | null>,
  { source, isReachable, isPoweredOn, takesInput, hasFixedSize = false, onEnd }: ConsoleOptions,
) {
  const controls = useRef<TerminalControls | null>(null)
  const replayController = useRef<AbortController | null>(null)
  const [isConnected, setConnected] = useState(false)
  const [isReplaying, setReplaying] = useState(false)
  const [viewers, setViewers] = useState(1)
  const [announcement, setAnnouncement] = useState('')
  const [usage, setUsage] = useState<ConsoleUsage[]>([])
  const { isHeld: isControlHeld, toggle: toggleControl, release: releaseControl } = useControlKey()
  useEffect(() => {
    let close = () => {}
    let isDisposed = false
    const loading = import('./create-terminal')
    if (!isReachable) return
    void loading.then(async ({ loadTerminalFont, createTerminal }) => {
      await loadTerminalFont().catch(() => undefined)
      if (isDisposed || !element.current) return
      const send = (bytes: Uint8Array) => {
        if (!replayController.current && !controls.current?.isRestoring) connection.send(bytes)
      }
      const created = createTerminal(element.current, {
        takesInput,
        hasFixedSize,
        transformInput: (text) => (releaseControl() ? toControlCharacter(text) : text),
        onInput: send,
      })
      const { terminal } = created
      const history = new ConsoleHistory()
      controls.current = { terminal, history, isRestoring: false }
      const stopAnnouncing = announceOutput(terminal, {
        isListening: () =>
          !replayController.current &&
          !controls.current?.isRestoring &&
          Boolean(element.current?.contains(document.activeElement)),
        publish: setAnnouncement,
      })
      const sendSize = () => {
        if (!hasFixedSize) connection.resize({ columns: terminal.cols, rows: terminal.rows })
      }
      const connection = openConsole(
        { source, isPoweredOn },
        {
          onRecording(chunks) {
            setUsage([])
            history.reset(chunks)
            if (!replayController.current) renderHistory(controls.current!)
            sendSize()
          },
          onOutput(bytes, onShown) {
            history.add(bytes)
            if (replayController.current) onShown()
            else terminal.write(bytes, onShown)
          },
          onSkipped: (bytes) => terminal.write(`\r\n\u001b[33m${messages.skipped({ bytes })}\u001b[0m\r\n`),
          onUsage: (sample) => setUsage((samples) => [...samples, sample].slice(-MAX_USAGE_SAMPLES)),
          onViewers: setViewers,
          onConnection: setConnected,
          onSize: ({ columns, rows }) => hasFixedSize && terminal.resize(columns, rows),
          onEnd,
        },
      )
      terminal.onResize(sendSize)
      close = () => {
        replayController.current?.abort()
        controls.current = null
        connection.close()
        stopAnnouncing()
        created.dispose()
      }
    })
    return () => {
      isDisposed = true
      close()
      setUsage([])
      setConnected(false)
    }
  }, [element, source, isReachable, isPoweredOn, takesInput, hasFixedSize, onEnd, releaseControl])

  async function replay() {
    const current = controls.current
    if (!current) return
    const controller = new AbortController()
    replayController.current = controller
    setReplaying(true)
    current.terminal.reset()
    await replayRecording([...current.history.chunks], {
      write: (bytes) => current.terminal.write(bytes),
      signal: controller.signal,
    })
    replayController.current = null
    setReplaying(false)
    if (controls.current === current) renderHistory(current)
  }
  return {
    isConnected,
    isReplaying,
    viewers,
    usage,
    announcement,
    replay: () => void replay(),
    stopReplay: () => replayController.current?.abort(),
    copy: async () => {
      const current = controls.current
      if (current) await (await import('./create-terminal')).copySelection(current.terminal)
    },
    focus: () => controls.current?.terminal.focus(),
    isControlHeld,
    toggleControl,
    pressKey(key: BarKey) {
      const { terminal } = controls.current ?? {}
      if (!terminal) return
      const isApplicationMode = terminal.modes.applicationCursorKeysMode
      terminal.input(toKeySequence(key, { isApplicationMode, hasControl: releaseControl() }))
    },
  }
}

/** Clears the terminal and writes all output so far. */
function renderHistory(controls: TerminalControls) {
  const { terminal, history } = controls
  controls.isRestoring = true
  terminal.reset()
  for (const { bytes } of history.chunks) terminal.write(bytes)
  terminal.write('', () => (controls.isRestoring = false))
}
