import { ChevronLeft, History, Keyboard, Redo2, Search, Undo2 } from 'lucide-react'
import { Link } from '@/app/components/link'
import { Button } from '@/app/components/ui/button'
import type { CaptionDto } from '@/lib/captions/contract'
import type { VideoDto } from '@/lib/videos/contract'
import { type Commands, keyOf } from './keys'
import type { EditedDocument, Saving } from './use-document'

interface Given {
  video: VideoDto
  caption: CaptionDto
  edited: EditedDocument
  commands: Commands
  onVersions(): void
}

/** What is edited, whether it is stored, and what can be done with all of it. */
export function EditorBar({ video, caption, edited, commands, onVersions }: Given) {
  const { document } = edited
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-4 gap-y-2">
      <div className="min-w-0">
        <Link
          href={`/videos/${video.id}`}
          className="inline-flex max-w-full items-center gap-1 text-sm text-muted-foreground hover:text-foreground"
        >
          <ChevronLeft className="size-3.5 shrink-0" aria-hidden />
          <span className="truncate">{video.title}</span>
        </Link>
        <h1 className="text-xl font-semibold">
          Captions <span className="font-normal text-muted-foreground">· {caption.label}</span>
        </h1>
      </div>
      <div className="flex flex-wrap items-center gap-1">
        <SaveState saving={edited.saving} />
        <Tool
          name="Undo"
          Icon={Undo2}
          command="undo"
          isOff={document.past.length === 0}
          onUse={commands.undo}
        />
        <Tool
          name="Do again"
          Icon={Redo2}
          command="redo"
          isOff={document.future.length === 0}
          onUse={commands.redo}
        />
        <Tool name="Find and replace" Icon={Search} command="find" onUse={commands.find} />
        <Button size="sm" variant="ghost" onClick={onVersions}>
          <History className="size-4" aria-hidden />
          Versions
        </Button>
        <Tool name="Keys" Icon={Keyboard} command="help" onUse={commands.help} />
      </div>
    </div>
  )
}

interface ToolGiven {
  name: string
  Icon: typeof Undo2
  command: Parameters<typeof keyOf>[0]
  isOff?: boolean
  onUse(): void
}

const Tool = ({ name, Icon, command, isOff, onUse }: ToolGiven) => (
  <Button
    size="sm"
    variant="ghost"
    aria-label={name}
    title={`${keyOf(command).does} (${keyOf(command).shown})`}
    disabled={isOff}
    onClick={onUse}
  >
    <Icon className="size-4" aria-hidden />
  </Button>
)

function SaveState({ saving }: { saving: Saving }) {
  return (
    <p role="status" data-testid="save-state" className="mr-2 text-sm text-muted-foreground">
      {saving.state === 'saved' && 'Saved'}
      {saving.state === 'saving' && 'Saving…'}
      {saving.state === 'waiting' && <span className="text-warning">Not saved: choose first</span>}
      {saving.state === 'failed' && <span className="text-destructive">Not saved: {saving.problem}</span>}
    </p>
  )
}
