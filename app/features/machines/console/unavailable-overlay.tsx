import { Check, LoaderCircle } from 'lucide-react'
import type { ReactNode } from 'react'
import { taskStateLabel } from '@/app/features/tasks/task-state'
import { Button } from '@/app/ui/button'
import { describeTimeLeft } from '@/app/features/tasks/time-left'
import type { MachineDto } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { machineStateLabel } from '../machine-state'
import * as messages from '@/lib/generated/messages/machine-console'
import * as machineMessages from '@/lib/generated/messages/machines'
import { getLocale } from '@/lib/i18n/locale'

interface Props {
  machine: MachineDto
  task?: TaskDto
  onStart(): void
}

export const isConsoleAvailable = ({ state, host }: MachineDto) =>
  state === 'running' && host !== null && !host.isLost && host.capabilities.console

/** Explains why the console is unavailable, and what to do. */
export function UnavailableOverlay({ machine, task, onStart }: Props) {
  const { state, host, error } = machine
  if (host?.isLost && state !== 'terminated')
    return (
      <OverlayMessage title={messages.hostUnreachable()}>{messages.hostUnreachableHint()}</OverlayMessage>
    )
  if (state === 'running' && !host?.capabilities.console)
    return <OverlayMessage title={messages.noConsole()}>{messages.noConsoleHint()}</OverlayMessage>
  if (state === 'pending') return <ProvisioningProgress task={task} />
  if (state === 'stopped')
    return (
      <OverlayMessage title={machineMessages.stateStopped()}>
        {error && <p className="mb-1 text-[#e5c07b]">{error.message}</p>}
        <p className="mb-4">{messages.diskPreserved()}</p>
        <Button variant="default" onClick={onStart}>
          {machineMessages.start()}
        </Button>
      </OverlayMessage>
    )
  if (state === 'terminated')
    return (
      <OverlayMessage title={machineMessages.stateTerminated()}>{messages.terminatedHint()}</OverlayMessage>
    )
  if (state === 'failed')
    return <OverlayMessage title={messages.provisioningFailed()}>{error?.message}</OverlayMessage>
  return <OverlayMessage title={machineStateLabel(machine)}>{task?.stage}</OverlayMessage>
}

function OverlayMessage({ title, children }: { title: string; children?: ReactNode }) {
  return (
    <div className="max-w-md rounded-xl bg-[#0b1312] px-6 py-5 text-center">
      <p className="text-lg font-medium text-white">{title}</p>
      <div className="mt-1 text-[#9fb3af]">{children}</div>
    </div>
  )
}

function formatSeconds(seconds: number) {
  const fractionDigits = seconds < 10 ? 2 : 0
  return seconds.toLocaleString(getLocale(), {
    minimumFractionDigits: fractionDigits,
    maximumFractionDigits: fractionDigits,
  })
}

function ProvisioningProgress({ task }: Pick<Props, 'task'>) {
  const stages = task?.detail?.stages ?? []
  return (
    <div className="w-full max-w-xs rounded-xl bg-[#0b1312] px-6 py-5">
      <p className="text-lg font-medium text-white">
        {task?.state === 'queued' ? taskStateLabel(task) : machineMessages.statePending()}
        {task?.etaSeconds ? (
          <span className="text-sm font-normal text-[#9fb3af]"> · {describeTimeLeft(task)}</span>
        ) : null}
      </p>
      <ol className="mt-3 space-y-1.5">
        {stages.map(({ name, seconds }) => (
          <li key={name} className="flex items-center gap-2.5">
            {seconds === null ? (
              <LoaderCircle
                className="size-4 text-[#4fd1c5] motion-safe:animate-spin"
                aria-label={messages.inProgress()}
              />
            ) : (
              <Check className="size-4 text-[#4fd1c5]" aria-label={messages.done()} />
            )}
            <span className="grow">{seconds === null ? (task?.stage ?? name) : name}</span>
            <span className="text-sm text-[#9fb3af] tabular-nums">
              {seconds !== null && messages.seconds({ seconds: formatSeconds(seconds) })}
            </span>
          </li>
        ))}
      </ol>
      <p className="mt-4 text-sm text-[#9fb3af]">{messages.provisioningContinues()}</p>
    </div>
  )
}
