import { Check, LoaderCircle } from 'lucide-react'
import { Button } from '@/app/ui/button'
import { taskStateLabel } from '@/app/features/tasks/task-state'
import { formatTimeLeft } from '@/app/ui/format'
import type { MachineDto } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { machineStateLabel } from '../machine-state'

interface Props {
  machine: MachineDto
  task?: TaskDto
  onStart(): void
}

/** Why the console cannot be used now, or null where it can. */
export function unavailableReason(given: Props) {
  const { state, host } = given.machine
  if (host?.isLost && state !== 'terminated')
    return (
      <OverlayMessage title="Its host cannot be reached">
        It is shown again as soon as the host is heard of.
      </OverlayMessage>
    )
  if (state === 'running') return null
  if (state === 'pending') return <ProvisioningProgress {...given} />
  if (state === 'stopped') return <StoppedOverlay {...given} />
  if (state === 'terminated')
    return <OverlayMessage title="Terminated">Nothing is left of it but what is told here.</OverlayMessage>
  if (state === 'failed')
    return <OverlayMessage title="It could not be made">{given.machine.error?.message}</OverlayMessage>
  return <OverlayMessage title={machineStateLabel(given.machine)}>{given.task?.stage}</OverlayMessage>
}

function OverlayMessage({ title, children }: { title: string; children?: React.ReactNode }) {
  return (
    <div className="max-w-md text-center">
      <p className="text-lg font-medium text-white">{title}</p>
      <div className="mt-1 text-[#9fb3af]">{children}</div>
    </div>
  )
}

function StoppedOverlay({ machine, onStart }: Props) {
  return (
    <OverlayMessage title="Stopped">
      {machine.error && <p className="mb-1 text-[#e5c07b]">{machine.error.message}</p>}
      <p className="mb-4">Its disk is kept.</p>
      <Button variant="default" onClick={onStart}>
        Start
      </Button>
    </OverlayMessage>
  )
}

function ProvisioningProgress({ task }: Props) {
  const stages = task?.detail?.stages ?? []
  return (
    <div className="w-full max-w-xs">
      <p className="text-lg font-medium text-white">
        {task?.state === 'queued' ? taskStateLabel(task) : 'Being made'}
        {task?.etaSeconds ? (
          <span className="text-sm font-normal text-[#9fb3af]"> · {formatTimeLeft(task.etaSeconds)}</span>
        ) : null}
      </p>
      <ol className="mt-3 space-y-1.5">
        {stages.map(({ name, seconds }) => (
          <li key={name} className="flex items-center gap-2.5">
            {seconds === null ? (
              <LoaderCircle className="size-4 text-[#4fd1c5] motion-safe:animate-spin" aria-label="now" />
            ) : (
              <Check className="size-4 text-[#4fd1c5]" aria-label="done" />
            )}
            <span className="grow">{seconds === null ? (task?.stage ?? name) : name}</span>
            <span className="text-sm text-[#9fb3af] tabular-nums">
              {seconds !== null && `${seconds.toFixed(seconds < 10 ? 2 : 0)} s`}
            </span>
          </li>
        ))}
      </ol>
      <p className="mt-4 text-sm text-[#9fb3af]">You can close this tab; it goes on.</p>
    </div>
  )
}
