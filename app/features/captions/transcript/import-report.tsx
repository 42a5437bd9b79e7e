import { Modal } from '@/app/ui/modal'
import { type SidecarResult, sidecarMessage } from '@/app/features/uploads/sidecars'

/** Lists the lines of a subtitle file that could not be read. */
export function ImportReport({ result, onClose }: { result: SidecarResult | null; onClose(): void }) {
  if (!result) return null
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title={result.caption ? 'Some lines were skipped' : 'Import failed'}
      description={`${result.name}: ${sidecarMessage(result)}`}
    >
      {result.problems.length > 0 && (
        <ul aria-label="Problems" className="divide-y overflow-y-auto rounded-md border text-sm">
          {result.problems.map(({ line, message }) => (
            <li key={`${line} ${message}`} className="flex gap-3 px-3 py-1.5">
              <span className="w-16 shrink-0 text-muted-foreground tabular-nums">Line {line}</span>
              <span className="min-w-0 break-words [font-variant-ligatures:none]">{message}</span>
            </li>
          ))}
          {result.moreProblems > 0 && (
            <li className="px-3 py-1.5 text-muted-foreground">
              And {result.moreProblems.toLocaleString('en')} more
            </li>
          )}
        </ul>
      )}
    </Modal>
  )
}
