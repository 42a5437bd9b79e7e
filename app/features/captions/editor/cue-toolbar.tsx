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
import { type EditorCommand, type EditorCommands, findShortcut } from './shortcuts'

const TOOLS: [EditorCommand, string, LucideIcon][] = [
  ['replay', 'Play cue', Play],
  ['startHere', 'Set start', ArrowLeftToLine],
  ['endHere', 'Set end', ArrowRightToLine],
  ['split', 'Split', Scissors],
  ['merge', 'Merge', Merge],
  ['add', 'Add', ListPlus],
  ['remove', 'Delete', Trash2],
]

interface Props {
  commands: EditorCommands
  isAnySelected: boolean
}

/** Actions for the selected cue, with their shortcuts as tooltips. */
export function CueToolbar({ commands, isAnySelected }: Props) {
  return (
    <div role="toolbar" aria-label="Cue actions" className="flex flex-wrap gap-1.5">
      {TOOLS.map(([command, name, Icon]) => {
        const { label, keys } = findShortcut(command)
        return (
          <Button
            key={command}
            size="sm"
            className="px-2!"
            title={`${label} (${keys})`}
            disabled={!isAnySelected && command !== 'add' && command !== 'replay'}
            onClick={commands[command]}
          >
            <Icon className="size-3.5" aria-hidden />
            {name}
          </Button>
        )
      })}
    </div>
  )
}
