'use client'

import { type ReactNode, useMemo } from 'react'
import type { ConsoleUsage } from '@/lib/machines/console-protocol'
import type { MachineDto } from '@/lib/machines/schema'
import { ConsoleFrame } from './console-frame'
import { toOwnConsole } from './console-source'
import * as messages from '@/lib/generated/messages/machine-console'

interface Props {
  machine: MachineDto
  /** Covers the terminal while the console is unavailable. */
  overlay: ReactNode
  onUsage(usage: ConsoleUsage[]): void
}

/** The console of a machine of the user. */
export function Console({ machine, overlay, onUsage }: Props) {
  const { id, name, state, host } = machine
  const source = useMemo(() => toOwnConsole(id), [id])
  const takesInput = host?.capabilities.consoleInput ?? true
  return (
    <ConsoleFrame
      name={name}
      source={source}
      isReachable={!!host && !host.isLost}
      // It produces output now or will soon.
      isPoweredOn={['running', 'pending', 'starting', 'rebooting'].includes(state)}
      isRunning={state === 'running'}
      takesInput={takesInput}
      describeStatus={(isConnected) => {
        if (state !== 'running') return ''
        if (isConnected && !takesInput) return messages.outputOnly()
        return isConnected ? messages.leaveHint() : messages.connecting()
      }}
      overlay={overlay}
      onUsage={onUsage}
    />
  )
}
