import { Modal } from '@/app/ui/modal'
import { SHORTCUTS } from './shortcuts'

const EXTRA_SHORTCUTS = [
  { keys: '↑ ↓', label: 'Adjust a time by 0.1 s, or by 1 s with Shift' },
  { keys: 'Esc', label: 'Deselect cue' },
] as const

interface Props {
  isOpen: boolean
  onOpenChange(isOpen: boolean): void
}

/** Lists the keyboard shortcuts of the editor. */
export function ShortcutsDialog({ isOpen, onOpenChange }: Props) {
  return (
    <Modal
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Keyboard shortcuts"
      description="Shortcuts also work while you type. On a Mac, use ⌘ for Ctrl and ⌥ for Alt."
    >
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-1.5">
        {[...SHORTCUTS, ...EXTRA_SHORTCUTS].map(({ keys, label }) => (
          <div key={label} className="contents">
            <dt>{label}</dt>
            <dd className="text-right text-muted-foreground">
              <kbd className="font-sans">{keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
