import { Button } from '@/app/ui/button'
import { Modal } from '@/app/ui/modal'
import { type SidecarResult, sidecarMessage } from '@/app/features/uploads/sidecars'

/** What of a file of subtitles could not be read, line by line. */
export function ImportReport({ sent, onClose }: { sent: SidecarResult | null; onClose(): void }) {
  if (!sent) return null
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title={sent.caption ? 'Some lines were left out' : 'This file was not added'}
      description={`${sent.name}: ${sidecarMessage(sent)}`}
    >
      {sent.problems.length > 0 && (
        <ul aria-label="Problems" className="divide-y overflow-y-auto rounded-md border text-sm">
          {sent.problems.map(({ line, message }) => (
            <li key={`${line} ${message}`} className="flex gap-3 px-3 py-1.5">
              <span className="w-16 shrink-0 text-muted-foreground tabular-nums">Line {line}</span>
              <span className="min-w-0 break-words [font-variant-ligatures:none]">{message}</span>
            </li>
          ))}
          {sent.moreProblems > 0 && (
            <li className="px-3 py-1.5 text-muted-foreground">
              And {sent.moreProblems.toLocaleString('en')} more
            </li>
          )}
        </ul>
      )}
      <Button className="self-end" onClick={onClose}>
        Close
      </Button>
    </Modal>
  )
}
