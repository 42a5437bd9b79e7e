import { MachineShareButton } from '@/app/features/shares/machine/machine-share-button'
import { TaskActions } from '@/app/features/tasks/task-actions'
import { BackLink } from '@/app/ui/back-link'
import type { MachineDto } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { MachineActions } from './machine-actions'
import { machineStateLabel } from './machine-state'
import { MachineStatusIcon } from './machine-status-icon'
import { Uptime } from './uptime'
import * as messages from '@/lib/generated/messages/machines'

interface Props {
  machine: MachineDto
  task?: TaskDto
  onTerminate(): void
}

const canShare = ({ state, host }: MachineDto) =>
  state !== 'terminated' && state !== 'terminating' && state !== 'failed' && host?.capabilities.console

/** The name, state, and actions of a machine. */
export function MachineHeader({ machine, task, onTerminate }: Props) {
  const { name, state, startedAt, error } = machine
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <BackLink href="/machines">{messages.machines()}</BackLink>
        <h1 dir="auto" className="truncate text-xl font-semibold">
          {name}
        </h1>
        <p className="flex items-center gap-2 text-muted-foreground tabular-nums" data-testid="machine-state">
          <MachineStatusIcon machine={machine} />
          <span>
            {machineStateLabel(machine)}
            {state === 'running' && startedAt && (
              <>
                {' · '}
                {messages.up({ uptime: () => <Uptime since={startedAt} /> })}
              </>
            )}
          </span>
        </p>
        {state === 'running' && error && (
          <p role="status" className="mt-1 text-warning">
            {error.message}
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-2">
        {task && state === 'failed' && <TaskActions task={task} name={name} />}
        {canShare(machine) && (
          <MachineShareButton
            machineId={machine.id}
            takesInput={machine.host?.capabilities.consoleInput ?? true}
          />
        )}
        <MachineActions machine={machine} onTerminate={onTerminate} />
      </div>
    </div>
  )
}
