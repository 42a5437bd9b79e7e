import { Modal } from '@/app/ui/modal'
import { type SidecarResult, sidecarMessage } from '@/app/features/uploads/sidecars'
import * as messages from '@/lib/generated/messages/caption-tracks'

interface Props {
  result: SidecarResult
  onChooseEncoding(encoding: string): void
  onClose(): void
}

/** Lists the lines of a subtitle file that could not be read, or lets the user choose its encoding. */
export function ImportReport({ result, onChooseEncoding, onClose }: Props) {
  if (result.encodings)
    return (
      <Modal
        isOpen
        onOpenChange={onClose}
        title={messages.encodingTitle()}
        description={messages.encodingHint({ name: result.name })}
      >
        <EncodingList encodings={result.encodings} onChoose={onChooseEncoding} />
      </Modal>
    )
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title={result.caption ? messages.someLinesHaveProblems() : messages.importFailed()}
      description={`${result.name}: ${sidecarMessage(result)}`}
    >
      {result.problems.length > 0 && (
        <ul aria-label={messages.problems()} className="divide-y overflow-y-auto rounded-md border text-sm">
          {result.problems.map(({ line, message }) => (
            <li key={`${line} ${message}`} className="flex gap-3 px-3 py-1.5">
              <span className="w-16 shrink-0 text-muted-foreground tabular-nums">
                {messages.line({ line: String(line) })}
              </span>
              <span className="min-w-0 break-words [font-variant-ligatures:none]">{message}</span>
            </li>
          ))}
          {result.moreProblems > 0 && (
            <li className="px-3 py-1.5 text-muted-foreground">
              {messages.moreProblems({ count: result.moreProblems })}
            </li>
          )}
        </ul>
      )}
    </Modal>
  )
}

interface EncodingListProps {
  encodings: NonNullable<SidecarResult['encodings']>
  onChoose(encoding: string): void
}

const EncodingList = ({ encodings, onChoose }: EncodingListProps) => (
  <ul aria-label={messages.encodings()} className="divide-y overflow-y-auto rounded-md border text-sm">
    {encodings.map(({ encoding, sample }) => (
      <li key={encoding}>
        <button
          type="button"
          className="flex w-full items-baseline gap-3 px-3 py-2 text-start hover:bg-accent focus-visible:-outline-offset-2"
          onClick={() => onChoose(encoding)}
        >
          <span dir="auto" className="min-w-0 grow break-words">
            {sample}
          </span>
          <span className="shrink-0 text-muted-foreground">{encoding}</span>
        </button>
      </li>
    ))}
  </ul>
)
