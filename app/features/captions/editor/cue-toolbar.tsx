import {
  ArrowLeftToLine,
  ArrowRightToLine,
  type LucideIcon,
  ListPlus,
  Merge,
  Play,
  Scissors,
  Trash2,
} from 'lucide-react'
import { Button } from '@/app/ui/button'
import * as messages from '@/lib/generated/messages/caption-editor'
import { type EditorCommand, type EditorCommands, findShortcut } from './shortcuts'

const TOOLS: [EditorCommand, () => string, LucideIcon][] = [
  ['replay', messages.toolPlay, Play],
  ['startHere', messages.toolStart, ArrowLeftToLine],
  ['endHere', messages.toolEnd, ArrowRightToLine],
  ['split', messages.toolSplit, Scissors],
  ['merge', messages.toolMerge, Merge],
  ['add', messages.toolAdd, ListPlus],
  ['remove', messages.toolDelete, Trash2],
]

interface Props {
  commands: EditorCommands
  isAnySelected: boolean
}

/** Actions for the selected cue, with their shortcuts as tooltips. */
export function CueToolbar({ commands, isAnySelected }: Props) {
  return (
    <div role="toolbar" aria-label={messages.cueActions()} className="flex flex-wrap gap-1.5">
      {TOOLS.map(([command, name, Icon]) => {
        const { label, keys } = findShortcut(command)
        return (
          <Button
            key={command}
            size="sm"
            className="px-2!"
            title={`${label()} (${keys()})`}
            disabled={!isAnySelected && command !== 'add' && command !== 'replay'}
            onClick={commands[command]}
          >
            <Icon className="size-3.5" aria-hidden />
            {name()}
          </Button>
        )
      })}
    </div>
  )
}
