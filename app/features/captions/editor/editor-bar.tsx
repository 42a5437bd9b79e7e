import { ChevronLeft, History, Keyboard, Redo2, Search, Undo2 } from 'lucide-react'
import { Link } from '@/app/ui/link'
import { Button } from '@/app/ui/button'
import type { CaptionDto } from '@/lib/captions/schema'
import type { VideoDto } from '@/lib/videos/schema'
import * as messages from '@/lib/generated/messages/captions'
import * as captionEditorMessages from '@/lib/generated/messages/caption-editor'
import { type EditorCommands, findShortcut } from './shortcuts'
import type { EditedDocument, SaveStatus } from './use-editor-document'

interface Props {
  video: VideoDto
  caption: CaptionDto
  edited: EditedDocument
  commands: EditorCommands
  onVersions(): void
}

/** The title, the save status and the actions for the whole document. */
export function EditorBar({ video, caption, edited, commands, onVersions }: Props) {
  const { document } = edited
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
      <div className="min-w-0">
        <Link
          href={`/videos/${video.id}`}
          className="inline-flex max-w-full items-center gap-1 text-sm text-muted-foreground hover:text-foreground"
        >
          <ChevronLeft className="size-3.5 shrink-0 rtl:-scale-x-100" aria-hidden />
          <span dir="auto" className="truncate">
            {video.title}
          </span>
        </Link>
        <h1 className="text-xl font-semibold">
          {messages.captions()} <span className="font-normal text-muted-foreground">· {caption.label}</span>
        </h1>
      </div>
      <div className="flex flex-wrap items-center gap-1">
        <SaveIndicator status={edited.saveStatus} />
        <ToolButton
          name={captionEditorMessages.undo()}
          Icon={Undo2}
          command="undo"
          isDisabled={document.past.length === 0}
          onClick={commands.undo}
        />
        <ToolButton
          name={captionEditorMessages.redo()}
          Icon={Redo2}
          command="redo"
          isDisabled={document.future.length === 0}
          onClick={commands.redo}
        />
        <ToolButton
          name={captionEditorMessages.findAndReplace()}
          Icon={Search}
          command="find"
          onClick={commands.find}
        />
        <Button size="sm" variant="ghost" onClick={onVersions}>
          <History className="size-4" aria-hidden />
          {captionEditorMessages.versions()}
        </Button>
        <ToolButton
          name={captionEditorMessages.keyboardShortcuts()}
          Icon={Keyboard}
          command="help"
          onClick={commands.help}
        />
      </div>
    </div>
  )
}

interface ToolButtonProps {
  name: string
  Icon: typeof Undo2
  command: Parameters<typeof findShortcut>[0]
  isDisabled?: boolean
  onClick(): void
}

const ToolButton = ({ name, Icon, command, isDisabled, onClick }: ToolButtonProps) => (
  <Button
    size="sm"
    variant="ghost"
    aria-label={name}
    title={`${findShortcut(command).label()} (${findShortcut(command).keys()})`}
    disabled={isDisabled}
    onClick={onClick}
  >
    <Icon className="size-4" aria-hidden />
  </Button>
)

function SaveIndicator({ status }: { status: SaveStatus }) {
  return (
    // Only failures are announced: changes are saved while the user types.
    <p data-testid="save-state" className="me-2 text-sm text-muted-foreground">
      {status.state === 'saved' && captionEditorMessages.saved()}
      {status.state === 'saving' && captionEditorMessages.saving()}
      {status.state === 'conflict' && (
        <span role="alert" className="text-warning">
          {captionEditorMessages.notSavedConflict()}
        </span>
      )}
      {status.state === 'failed' && (
        <span role="alert" className="text-destructive">
          {captionEditorMessages.notSaved({ problem: status.problem })}
        </span>
      )}
    </p>
  )
}
