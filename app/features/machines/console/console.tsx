'use client'

import '@xterm/xterm/css/xterm.css'
import { Copy, Maximize2, Minimize2, Play, Square, Users } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { toast } from 'sonner'
import type { MachineDto } from '@/lib/machines/schema'
import type { ConsoleUsage } from '@/lib/machines/console-protocol'
import { useConsole } from './use-console'

interface Props {
  machine: MachineDto
  /** What lies over the terminal, where it cannot be used. */
  overlay: ReactNode
  onUsage(usage: ConsoleUsage[]): void
}

/** The console of a machine: what it has said, what it says, and what is typed. */
export function Console({ machine, overlay: cover, onUsage }: Props) {
  const element = useRef<HTMLDivElement>(null)
  const { id: machineId, host } = machine
  const console = useConsole(element, {
    machineId,
    isReachable: !!host && !host.isLost,
    isPoweredOn: isPoweredOn(machine),
  })
  const { usage, isConnected, isReplaying, viewers } = console
  const [isLarge, setLarge] = useState(false)
  const isUsable = machine.state === 'running' && isConnected && !isReplaying
  useEffect(() => onUsage(usage), [usage, onUsage])
  useEffect(() => {
    if (isUsable) console.focus()
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
            <span className="mr-1 flex items-center gap-1 tabular-nums" title={`${viewers} are looking`}>
              <Users className="size-3.5" aria-hidden /> {viewers}
              <span className="sr-only"> are looking</span>
            </span>
          )}
          {isReplaying ? (
            <ToolButton label="Stop the replay" onClick={console.stopReplay} icon={<Square />} />
          ) : (
            <ToolButton label="Replay from the boot on" onClick={console.replay} icon={<Play />} />
          )}
          <ToolButton
            label="Copy"
            icon={<Copy />}
            onClick={() =>
              void console.copy().then(
                () => toast('Copied'),
                () => toast.error('The browser did not allow to copy.'),
              )
            }
          />
          <ToolButton
            label={isLarge ? 'Make it smaller' : 'Fill the window'}
            icon={isLarge ? <Minimize2 /> : <Maximize2 />}
            onClick={() => setLarge(!isLarge)}
          />
        </span>
      </header>
      <div className="relative min-h-0 grow">
        {/* What the terminal fills is measured with its padding, so that is around it. */}
        <div className="absolute inset-0 py-2 pl-3">
          <div ref={element} data-testid="terminal" className="size-full" />
        </div>
        {cover && (
          <div className="absolute inset-0 grid place-items-center overflow-y-auto bg-[#0b1312]/80 p-6">
            {cover}
          </div>
        )}
      </div>
    </section>
  )
}

function ToolButton({ label, icon, onClick }: { label: string; icon: ReactNode; onClick(): void }) {
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

/** It says something now, or will soon. */
const isPoweredOn = ({ state }: MachineDto) => ['running', 'pending', 'starting', 'rebooting'].includes(state)

function statusMessage({
  machine,
  isConnected,
  isReplaying,
}: {
  machine: MachineDto
  isConnected: boolean
  isReplaying: boolean
}) {
  if (isReplaying) return 'Replay. What happens now is shown afterwards.'
  if (machine.state !== 'running') return ''
  return isConnected ? 'Shift+Tab leaves the console' : 'Connecting …'
}
