'use client'

import '@xterm/xterm/css/xterm.css'
import { Copy, Maximize2, Minimize2, Play, Square, Users } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { toast } from '@/app/ui/toast'
import { isEditableTarget } from '@/app/ui/is-editable-target'
import type { MachineDto } from '@/lib/machines/schema'
import type { ConsoleUsage } from '@/lib/machines/console-protocol'
import { useConsole } from './use-console'

interface Props {
  machine: MachineDto
  /** Covers the terminal while the console is unavailable. */
  overlay: ReactNode
  onUsage(usage: ConsoleUsage[]): void
}

/** The console of a machine: its output so far, live output, and input. */
export function Console({ machine, overlay, onUsage }: Props) {
  const element = useRef<HTMLDivElement>(null)
  const { id: machineId, host } = machine
  const terminal = useConsole(element, {
    machineId,
    isReachable: !!host && !host.isLost,
    isPoweredOn: isPoweredOn(machine),
    takesInput: takesInput(machine),
  })
  const { usage, isConnected, isReplaying, viewers } = terminal
  const [isLarge, setLarge] = useState(false)
  const isUsable = machine.state === 'running' && takesInput(machine) && isConnected && !isReplaying
  useEffect(() => onUsage(usage), [usage, onUsage])
  useEffect(() => {
    if (isUsable && !isUserElsewhere(document.activeElement)) terminal.focus()
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when it becomes usable
  }, [isUsable])
  return (
    <section
      aria-label="Console"
      data-state={isReplaying ? 'replaying' : isConnected ? 'connected' : 'connecting'}
      className={`flex flex-col overflow-hidden border border-[#22302e] bg-[#0b1312] text-[#dbe5e3] ${
        isLarge ? 'fixed inset-0 z-50' : 'h-[min(70dvh,40rem)] min-h-80 rounded-xl'
      }`}
    >
      <header className="flex h-10 shrink-0 items-center gap-1 border-b border-[#22302e] px-2 pl-4 text-sm text-[#9fb3af]">
        <span className="truncate font-mono text-[#dbe5e3]">{machine.name}</span>
        <span role="status" className="ml-2 truncate max-sm:sr-only">
          {statusMessage({ machine, isConnected, isReplaying })}
        </span>
        <span className="ml-auto flex items-center gap-1">
          {viewers > 1 && (
            <span className="mr-1 flex items-center gap-1 tabular-nums" title={`${viewers} viewers`}>
              <Users className="size-3.5" aria-hidden /> {viewers}
              <span className="sr-only"> viewers</span>
            </span>
          )}
          {isReplaying ? (
            <ToolButton label="Stop replay" onClick={terminal.stopReplay} icon={<Square />} />
          ) : (
            <ToolButton label="Replay from boot" onClick={terminal.replay} icon={<Play />} />
          )}
          <ToolButton
            label="Copy"
            icon={<Copy />}
            onClick={() =>
              void terminal.copy().then(
                () => toast('Copied'),
                () => toast.error('Couldn’t copy. Select the text and copy it yourself.'),
              )
            }
          />
          <ToolButton
            label={isLarge ? 'Exit full window' : 'Fill window'}
            icon={isLarge ? <Minimize2 /> : <Maximize2 />}
            onClick={() => setLarge(!isLarge)}
          />
        </span>
      </header>
      <div className="relative min-h-0 grow">
        {/* The terminal measures its element including padding, so the padding is on this one. */}
        <div className="absolute inset-0 py-2 pl-3">
          <div ref={element} data-testid="terminal" className="size-full" />
        </div>
        {overlay && (
          <div className="absolute inset-0 grid place-items-center overflow-y-auto bg-[#0b1312]/80 p-6">
            {overlay}
          </div>
        )}
      </div>
    </section>
  )
}

interface ToolButtonProps {
  label: string
  icon: ReactNode
  onClick(): void
}

function ToolButton({ label, icon, onClick }: ToolButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="grid size-7 place-items-center rounded-md hover:bg-white/10 hover:text-white focus-visible:outline-[#4fd1c5] max-sm:size-9 [&_svg]:size-4"
    >
      {icon}
    </button>
  )
}

const takesInput = ({ host }: MachineDto) => host?.capabilities.consoleInput ?? true

/** The machine produces output now or will soon. */
const isPoweredOn = ({ state }: MachineDto) => ['running', 'pending', 'starting', 'rebooting'].includes(state)

interface Status {
  machine: MachineDto
  isConnected: boolean
  isReplaying: boolean
}

/** Whether the user types into a field or is in a dialog: the next keys are not meant for the machine. */
const isUserElsewhere = (focused: Element | null) =>
  isEditableTarget(focused) || focused?.closest('[role="dialog"], [role="alertdialog"]') != null

function statusMessage({ machine, isConnected, isReplaying }: Status) {
  if (isReplaying) return 'Replaying. Live output follows.'
  if (machine.state !== 'running') return ''
  if (isConnected && !takesInput(machine)) return 'Output only, up to minutes old'
  return isConnected ? 'Shift+Tab leaves the console' : 'Connecting…'
}
