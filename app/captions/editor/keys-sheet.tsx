import { Modal } from '@/app/components/ui/dialog'
import { KEYS } from './keys'

const MORE = [
  ['↑ ↓', 'In a time: a tenth of a second; with Shift a whole one'],
  ['Esc', 'Leave the cue'],
  ['?', 'Show the keys'],
] as const

/** All keys of the editor. */
export function KeysSheet({
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
        {[...KEYS.map(({ shown, does }) => [shown, does] as const), ...MORE].map(([shown, does]) => (
          <div key={does} className="contents">
            <dt>{does}</dt>
            <dd className="text-right text-muted-foreground">
              <kbd className="font-sans">{shown}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
