'use client'

import { type RefObject, useEffect, useRef, useState } from 'react'
import type { ConsoleUsage } from '@/lib/machines/console-protocol'
import { ConsoleHistory } from './console-history'
import type { Terminal } from './create-terminal'
import { openConsole } from './open-console'
import { replayRecording } from './replay'

const MAX_USAGE_SAMPLES = 90

interface TerminalControls {
  terminal: Terminal
  history: ConsoleHistory
  /** While what was said before is written, the terminal would answer questions that a program asked then. */
  isRestoring: boolean
}

interface Options {
  machineId: string
  /** False while there is nobody to ask for it. */
  isReachable: boolean
  isPoweredOn: boolean
}

/** A terminal in `element` on the console of a machine, live while it is on. */
export function useConsole(element: RefObject<HTMLElement | null>, of: Options) {
  const { machineId, isReachable, isPoweredOn: isOn } = of
  const controls = useRef<TerminalControls | null>(null)
  const player = useRef<AbortController | null>(null)
  const [isConnected, setConnected] = useState(false)
  const [isReplaying, setReplaying] = useState(false)
  const [viewers, setViewers] = useState(1)
  const [usage, setUsage] = useState<ConsoleUsage[]>([])
  useEffect(() => {
    let close = () => {}
    let isGone = false
    const loading = import('./create-terminal')
    if (!isReachable) return
    void loading.then(async ({ loadTerminalFont: loadFont, createTerminal: makeTerminal }) => {
      await loadFont().catch(() => undefined)
      if (isGone || !element.current) return
      const send = (bytes: Uint8Array) => {
        if (!player.current && !controls.current?.isRestoring) line.send(bytes)
      }
      const made = makeTerminal(element.current, { onInput: send })
      const { terminal } = made
      const history = new ConsoleHistory()
      controls.current = { terminal, history, isRestoring: false }
      const sendSize = () => line.resize({ columns: terminal.cols, rows: terminal.rows })
      const line = openConsole(
        { machineId, isOn },
        {
          onRecording(pieces) {
            setUsage([])
            history.reset(pieces)
            if (!player.current) renderHistory(controls.current!)
            sendSize()
          },
          onOutput(bytes, shown) {
            history.add(bytes)
            if (player.current) shown()
            else terminal.write(bytes, shown)
          },
          onSkipped: (bytes) =>
            terminal.write(`\r\n\u001b[33m… ${bytes} bytes came too fast to show …\u001b[0m\r\n`),
          onUsage: (now) => setUsage((before) => [...before, now].slice(-MAX_USAGE_SAMPLES)),
          onViewers: setViewers,
          onConnection: setConnected,
        },
      )
      terminal.onResize(sendSize)
      close = () => {
        player.current?.abort()
        controls.current = null
        line.close()
        made.dispose()
      }
    })
    return () => {
      isGone = true
      close()
      setUsage([])
      setConnected(false)
    }
  }, [element, machineId, isReachable, isOn])

  async function play() {
    const now = controls.current
    if (!now) return
    const stop = new AbortController()
    player.current = stop
    setReplaying(true)
    now.terminal.reset()
    await replayRecording([...now.history.pieces], {
      write: (bytes) => now.terminal.write(bytes),
      signal: stop.signal,
    })
    player.current = null
    setReplaying(false)
    if (controls.current === now) renderHistory(now)
  }
  return {
    isConnected,
    isReplaying,
    viewers,
    usage,
    replay: () => void play(),
    stopReplay: () => player.current?.abort(),
    copy: async () => {
      const now = controls.current
      if (now) await (await import('./create-terminal')).copySelection(now.terminal)
    },
    focus: () => controls.current?.terminal.focus(),
  }
}

/** The console as it is now, from nothing. */
function renderHistory(controls: TerminalControls) {
  const { terminal, history } = controls
  controls.isRestoring = true
  terminal.reset()
  for (const { bytes } of history.pieces) terminal.write(bytes)
  terminal.write('', () => (controls.isRestoring = false))
}
