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
  ['startHere', 'Start here', ArrowLeftToLine],
  ['endHere', 'End here', ArrowRightToLine],
  ['split', 'Split', Scissors],
  ['merge', 'Merge', Merge],
  ['add', 'Add', ListPlus],
  ['remove', 'Delete', Trash2],
]

/** What can be done with the selected cue. The keys are told on hover. */
export function CueToolbar({
  commands,
  isAnySelected,
}: {
  commands: EditorCommands
  isAnySelected: boolean
}) {
  return (
    <div role="toolbar" aria-label="This cue" className="flex flex-wrap gap-1.5">
      {TOOLS.map(([command, name, Icon]) => {
        const { does, shown } = findShortcut(command)
        return (
          <Button
            key={command}
            size="sm"
            className="px-2"
            title={`${does} (${shown})`}
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
