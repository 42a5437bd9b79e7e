import { SquareTerminal } from 'lucide-react'
import { Link } from '@/app/ui/link'
import { TaskActions } from '@/app/features/tasks/task-actions'
import { Button } from '@/app/ui/button'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { Progress } from '@/app/ui/progress'
import { isUnfinished, taskStateLabel } from '@/app/features/tasks/task-state'
import { describeTimeLeft } from '@/app/features/tasks/time-left'
import { RelativeTime } from '@/app/ui/relative-time'
import type { MachineDto } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { listMachineCurlActions } from './list-machine-curl-actions'
import { MachineStatusIcon } from './machine-status-icon'
import { isTransitioning, machineStateLabel } from './machine-state'
import { Uptime } from './uptime'
import * as messages from '@/lib/generated/messages/machines'

interface Props {
  machine: MachineDto
  /** The newest task of the machine. */
  task?: TaskDto
}

/** One machine in a list, with the progress of its task. */
export function MachineRow({ machine, task }: Props) {
  const isBusy = task && isUnfinished(task)
  return (
    <li className="group flex flex-col gap-2 px-3 py-2.5 sm:px-4">
      <div className="flex items-center gap-3 sm:gap-4">
        <span
          aria-hidden
          className="grid aspect-video w-24 shrink-0 place-items-center rounded-md bg-[#0b1312] text-[#7fd6cd] sm:w-28"
        >
          <SquareTerminal className="size-5" />
        </span>
        <div className="min-w-0 grow">
          <div className="flex items-center gap-2">
            <MachineStatusIcon machine={machine} />
            <Link
              href={`/machines/${machine.id}`}
              data-row={machine.id}
              dir="auto"
              className="truncate rounded-sm font-medium hover:underline"
            >
              {machine.name}
            </Link>
          </div>
          <p className="truncate text-sm text-muted-foreground tabular-nums">
            <MachineStatus machine={machine} task={task} />
          </p>
        </div>
        {task && (machine.state === 'pending' || machine.state === 'failed') && (
          <TaskActions task={task} name={machine.name} />
        )}
        <CopyAsCurl actions={listMachineCurlActions(machine)} rowName={machine.name} />
        {machine.state === 'running' && (
          <Button asChild size="sm" className="max-sm:hidden">
            <Link href={`/machines/${machine.id}`} aria-label={messages.openConsole({ name: machine.name })}>
              {messages.console()}
            </Link>
          </Button>
        )}
      </div>
      {isBusy && isTransitioning(machine) && (
        <Progress value={task.progress} label={messages.progressOf({ name: machine.name })} />
      )}
    </li>
  )
}

function MachineStatus({ machine, task }: Props) {
  const { state, image, size, error, host, startedAt } = machine
  const spec = image === size.name ? image : `${image} · ${size.name}`
  if (state === 'failed')
    return <span className="text-destructive">{error?.message ?? messages.stateFailed()}</span>
  if (isTransitioning(machine) && task?.state === 'queued') return <>{taskStateLabel(task)}</>
  if (isTransitioning(machine))
    return (
      <>
        {task?.stage ?? machineStateLabel(machine)}
        {task?.etaSeconds ? ` · ${describeTimeLeft(task)}` : ''} · {spec}
      </>
    )
  if (state === 'running' && !host?.isLost && !error)
    return (
      <>
        {messages.stateRunning()}
        {startedAt && <> · {messages.up({ uptime: () => <Uptime since={startedAt} /> })}</>} · {spec}
      </>
    )
  if (error)
    return (
      <span className="text-warning">
        {messages.stateWithError({ state: machineStateLabel(machine), error: error.message })}
      </span>
    )
  return (
    <>
      {machineStateLabel(machine)} · {spec} · <RelativeTime at={machine.terminatedAt ?? machine.createdAt} />
    </>
  )
}
