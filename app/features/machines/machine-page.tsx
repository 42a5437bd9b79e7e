'use client'

import { ChevronLeft } from 'lucide-react'
import { Link } from '@/app/ui/link'
import { useState } from 'react'
import { Section } from '@/app/ui/section'
import { TaskActions } from '@/app/features/tasks/task-actions'
import { Progress } from '@/app/ui/progress'
import { TaskList } from '@/app/features/tasks/task-list'
import { isUnfinished } from '@/app/features/tasks/task-state'
import { useLive } from '@/app/live/live-provider'
import { NotifyMeButton } from '@/app/features/tasks/notify-me-button'
import { requestMachineAction } from './machine-requests'
import { AuditTrail } from './audit-trail'
import { Console } from './console/console'
import { unavailableReason } from './console/unavailable-reason'
import { MachineActions } from './machine-actions'
import { MachineStatusIcon } from './machine-status-icon'
import { isTransitioning, machineStateLabel } from './machine-state'
import { ScriptResult } from './script-result'
import { TerminateDialog } from './terminate-dialog'
import { Uptime } from './uptime'
import type { ConsoleUsage } from '@/lib/machines/console-protocol'
import type { MachineDto, MachineEventDto } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { MachineAside } from './machine-aside'

interface Props {
  id: string
  seed: { machines: MachineDto[]; tasks: TaskDto[] }
  events: MachineEventDto[]
}

/** One machine: its console, what it is like, and what can be done with it. */
export function MachinePage({ id, seed, events }: Props) {
  const { machines, tasks, store } = useLive(seed)
  const [usage, setUsage] = useState<ConsoleUsage[]>([])
  const [isTerminating, setTerminating] = useState(false)
  const machine = machines.find((one) => one.id === id) ?? seed.machines[0]!
  const own = tasks.filter((task) => task.machineId === id)
  const task = own.find((one) => one.id === machine.taskId)
  const script = own.find((one) => one.id === machine.scriptTaskId)
  const cover = unavailableReason({
    machine,
    task,
    onStart: () => void requestMachineAction(store, machine, 'start'),
  })
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <Link
            href="/machines"
            className="mb-1 inline-flex items-center gap-1 text-sm text-muted-foreground hover:text-foreground"
          >
            <ChevronLeft className="size-3.5" aria-hidden />
            Machines
          </Link>
          <h1 className="truncate text-xl font-semibold">{machine.name}</h1>
          <p
            className="flex items-center gap-2 text-muted-foreground tabular-nums"
            data-testid="machine-state"
          >
            <MachineStatusIcon machine={machine} />
            <span>
              {machineStateLabel(machine)}
              {machine.state === 'running' && machine.startedAt && (
                <>
                  {' · up '}
                  <Uptime since={machine.startedAt} />
                </>
              )}
            </span>
          </p>
          {machine.state === 'running' && machine.error && (
            <p role="status" className="mt-1 text-warning">
              {machine.error.message}
            </p>
          )}
        </div>
        <div className="flex flex-wrap gap-2">
          {task && machine.state === 'failed' && <TaskActions task={task} name={machine.name} />}
          <MachineActions machine={machine} onTerminate={() => setTerminating(true)} />
        </div>
      </div>
      {task && isUnfinished(task) && isTransitioning(machine) && (
        <div className="flex flex-col gap-2">
          <Progress value={task.progress} label={`Progress of ${machine.name}`} />
          <NotifyMeButton tasks={[task]} />
        </div>
      )}
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <Console machine={machine} overlay={cover} onUsage={setUsage} />
          {script && <ScriptResult task={script} />}
          <div className="grid items-start gap-6 sm:grid-cols-2">
            <Section title="Who did what">
              <AuditTrail machine={machine} initial={events} />
            </Section>
            <Section title="Work on it">
              <TaskList tasks={own} />
            </Section>
          </div>
        </div>
        <MachineAside machine={machine} usage={usage} />
      </div>
      <TerminateDialog
        name={machine.name}
        isOpen={isTerminating}
        onOpenChange={setTerminating}
        onTerminate={() => void requestMachineAction(store, machine, 'terminate')}
      />
    </div>
  )
}
