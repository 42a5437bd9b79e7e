import { Modal } from '@/app/ui/modal'
import { SHORTCUTS } from './shortcuts'

const EXTRA_SHORTCUTS = [
  ['↑ ↓', 'In a time: a tenth of a second; with Shift a whole one'],
  ['Esc', 'Leave the cue'],
  ['?', 'Show the keys'],
] as const

/** All keys of the editor. */
export function ShortcutsDialog({
  isOpen,
  onOpenChange,
}: {
  isOpen: boolean
  onOpenChange(isOpen: boolean): void
}) {
  return (
    <Modal
      isOpen={isOpen}
      onOpenChange={onOpenChange}
      title="Keys"
      description="They work while you type. On a Mac, ⌘ stands for Ctrl and ⌥ for Alt."
    >
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-1.5">
        {[...SHORTCUTS.map(({ shown, does }) => [shown, does] as const), ...EXTRA_SHORTCUTS].map(
          ([shown, does]) => (
            <div key={does} className="contents">
              <dt>{does}</dt>
              <dd className="text-right text-muted-foreground">
                <kbd className="font-sans">{shown}</kbd>
              </dd>
            </div>
          ),
        )}
      </dl>
    </Modal>
  )
}
