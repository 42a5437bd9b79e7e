import { Modal } from '@/app/ui/modal'
import * as messages from '@/lib/generated/messages/captions'
import { SHORTCUTS } from './shortcuts'

const EXTRA_SHORTCUTS = [
  { keys: messages.keysArrows, label: messages.adjustTime },
  { keys: messages.keyEscape, label: messages.deselectCue },
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
      title={messages.keyboardShortcuts()}
      description={messages.shortcutsHint()}
    >
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-1.5">
        {[...SHORTCUTS, ...EXTRA_SHORTCUTS].map(({ keys, label }) => (
          <div key={keys()} className="contents">
            <dt>{label()}</dt>
            <dd className="text-end text-muted-foreground">
              <kbd className="font-sans">{keys()}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
