'use client'

import '@xterm/xterm/css/xterm.css'
import { Copy, Maximize2, Minimize2, Play, Square, Users } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { toast } from '@/app/ui/toast'
import { isEditableTarget } from '@/app/ui/is-editable-target'
import type { ConsoleUsage } from '@/lib/machines/console-protocol'
import { KeyBar } from './key-bar'
import { type ConsoleOptions, useConsole } from './use-console'
import * as messages from '@/lib/generated/messages/machine-console'

interface Props extends ConsoleOptions {
  /** Of the machine. */
  name: string
  isRunning: boolean
  /** What the header says while output is live. */
  describeStatus(isConnected: boolean): string
  /** Covers the terminal while the console is unavailable. */
  overlay: ReactNode
  onUsage?(usage: ConsoleUsage[]): void
}

/** A terminal with a header: the output so far, live output, and input. */
export function ConsoleFrame({ name, isRunning, describeStatus, overlay, onUsage, ...options }: Props) {
  const element = useRef<HTMLDivElement>(null)
  const { takesInput, hasFixedSize } = options
  const terminal = useConsole(element, options)
  const { usage, isConnected, isReplaying, viewers, announcement } = terminal
  const [isLarge, setLarge] = useState(false)
  const isUsable = isRunning && takesInput && isConnected && !isReplaying
  useEffect(() => onUsage?.(usage), [usage, onUsage])
  useEffect(() => {
    if (isUsable && !isUserElsewhere(document.activeElement)) terminal.focus()
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when it becomes usable
  }, [isUsable])
  return (
    <section
      aria-label={messages.console()}
      data-state={isReplaying ? 'replaying' : isConnected ? 'connected' : 'connecting'}
      className={`flex flex-col overflow-hidden border border-[#22302e] bg-[#0b1312] text-[#dbe5e3] ${
        isLarge ? 'fixed inset-0 z-50' : 'h-[min(70dvh,40rem)] min-h-80 rounded-xl'
      }`}
    >
      <header className="flex h-10 shrink-0 items-center gap-1 border-b border-[#22302e] ps-4 pe-2 text-sm text-[#9fb3af]">
        <span dir="auto" className="truncate font-mono text-[#dbe5e3]">
          {name}
        </span>
        <span role="status" className="ms-2 truncate max-sm:sr-only">
          {isReplaying ? messages.replaying() : describeStatus(isConnected)}
        </span>
        <span className="ms-auto flex items-center gap-1">
          {viewers > 1 && (
            <span
              className="me-1 flex items-center gap-1 tabular-nums"
              title={messages.viewers({ count: viewers })}
            >
              <Users className="size-3.5" aria-hidden /> {viewers}
              <span className="sr-only"> {messages.viewersLabel()}</span>
            </span>
          )}
          {isReplaying ? (
            <ToolButton label={messages.stopReplay()} onClick={terminal.stopReplay} icon={<Square />} />
          ) : (
            <ToolButton label={messages.replay()} onClick={terminal.replay} icon={<Play />} />
          )}
          <ToolButton
            label={messages.copy()}
            icon={<Copy />}
            onClick={() =>
              void terminal.copy().then(
                () => toast(messages.copied()),
                () => toast.error(messages.copyFailed()),
              )
            }
          />
          <ToolButton
            label={isLarge ? messages.exitFullWindow() : messages.fillWindow()}
            icon={isLarge ? <Minimize2 /> : <Maximize2 />}
            onClick={() => setLarge(!isLarge)}
          />
        </span>
      </header>
      <div className="relative min-h-0 grow">
        {/* The terminal measures its element including padding, so the padding is on this one. */}
        <div className={`absolute inset-0 py-2 ps-3 ${hasFixedSize ? 'overflow-auto' : ''}`}>
          <div ref={element} data-testid="terminal" className={hasFixedSize ? 'w-max' : 'size-full'} />
        </div>
        {overlay && (
          <div className="absolute inset-0 grid place-items-center overflow-y-auto bg-[#0b1312]/80 p-6">
            {overlay}
          </div>
        )}
      </div>
      <p aria-live="polite" data-testid="console-output" className="sr-only whitespace-pre-line">
        {announcement}
      </p>
      {isUsable && (
        <KeyBar
          isControlHeld={terminal.isControlHeld}
          onControl={terminal.toggleControl}
          onKey={terminal.pressKey}
        />
      )}
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

/** Whether the user types into a field or is in a dialog: the next keys are not meant for the machine. */
const isUserElsewhere = (focused: Element | null) =>
  isEditableTarget(focused) || focused?.closest('[role="dialog"], [role="alertdialog"]') != null
