import { ArrowDown, ArrowLeft, ArrowRight, ArrowUp } from 'lucide-react'
import type { ReactNode } from 'react'
import type { BarKey } from './key-sequences'
import * as messages from '@/lib/generated/messages/machine-console'

interface Props {
  isControlHeld: boolean
  onControl(): void
  onKey(key: BarKey): void
}

/** The keys that the keyboards of phones and tablets lack. Ctrl is held for the next key. */
export function KeyBar({ isControlHeld, onControl, onKey }: Props) {
  return (
    <div
      role="group"
      aria-label={messages.keys()}
      className="hidden shrink-0 gap-1 border-t border-[#22302e] p-1 pointer-coarse:flex"
    >
      <Key onClick={() => onKey('Escape')}>{messages.keyEscape()}</Key>
      <Key onClick={() => onKey('Tab')}>{messages.keyTab()}</Key>
      <Key isPressed={isControlHeld} onClick={onControl}>
        {messages.keyControl()}
      </Key>
      <Key label={messages.keyLeft()} onClick={() => onKey('ArrowLeft')}>
        <ArrowLeft />
      </Key>
      <Key label={messages.keyUp()} onClick={() => onKey('ArrowUp')}>
        <ArrowUp />
      </Key>
      <Key label={messages.keyDown()} onClick={() => onKey('ArrowDown')}>
        <ArrowDown />
      </Key>
      <Key label={messages.keyRight()} onClick={() => onKey('ArrowRight')}>
        <ArrowRight />
      </Key>
    </div>
  )
}

interface KeyProps {
  /** For a key that shows an icon. */
  label?: string
  /** For a key that is held. */
  isPressed?: boolean
  children: ReactNode
  onClick(): void
}

const Key = ({ label, isPressed, children, onClick }: KeyProps) => (
  <button
    type="button"
    aria-label={label}
    aria-pressed={isPressed}
    // The terminal keeps the focus, and with it the keyboard of the device.
    onPointerDown={(event) => event.preventDefault()}
    onMouseDown={(event) => event.preventDefault()}
    onClick={onClick}
    className={`grid h-11 min-w-0 flex-1 place-items-center rounded-md text-sm select-none active:bg-white/20 [&_svg]:size-4.5 ${
      isPressed ? 'bg-[#2f5b57] text-white' : 'bg-white/5'
    }`}
  >
    {children}
  </button>
)
