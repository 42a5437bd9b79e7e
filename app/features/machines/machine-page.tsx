'use client'

import { useState } from 'react'
import { NotifyMeButton } from '@/app/features/tasks/notify-me-button'
import { TaskList } from '@/app/features/tasks/task-list'
import { isUnfinished } from '@/app/features/tasks/task-state'
import { useLive } from '@/app/live/live-provider'
import { ConfirmDialog } from '@/app/ui/confirm-dialog'
import { Progress } from '@/app/ui/progress'
import { Section } from '@/app/ui/section'
import type { ConsoleUsage } from '@/lib/machines/console-protocol'
import type { MachineDto, MachineEventDto } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import { AuditTrail } from './audit-trail'
import { Console } from './console/console'
import { isConsoleAvailable, UnavailableOverlay } from './console/unavailable-overlay'
import { MachineAside } from './machine-aside'
import { MachineHeader } from './machine-header'
import { requestMachineAction } from './machine-requests'
import { isTransitioning } from './machine-state'
import { ScriptResult } from './script-result'
import * as messages from '@/lib/generated/messages/machines'
import * as machinePageMessages from '@/lib/generated/messages/machine-page'

interface Props {
  id: string
  seed: { machines: MachineDto[]; tasks: TaskDto[] }
  events: MachineEventDto[]
}

/** One machine: its console, tasks, details, and actions. */
export function MachinePage({ id, seed, events }: Props) {
  const { machines, tasks, store } = useLive(seed)
  const [usage, setUsage] = useState<ConsoleUsage[]>([])
  const [isTerminating, setTerminating] = useState(false)
  const machine = machines.find((row) => row.id === id) ?? seed.machines[0]!
  const machineTasks = tasks.filter((task) => task.machineId === id)
  const task = machineTasks.find((row) => row.id === machine.taskId)
  const script = machineTasks.find((row) => row.id === machine.scriptTaskId)
  const start = () => void requestMachineAction(store, { id, action: 'start' })
  return (
    <div className="flex flex-col gap-4">
      <MachineHeader machine={machine} task={task} onTerminate={() => setTerminating(true)} />
      {task && isUnfinished(task) && isTransitioning(machine) && (
        <div className="flex flex-col gap-2">
          <Progress value={task.progress} label={messages.progressOf({ name: machine.name })} />
          <NotifyMeButton tasks={[task]} />
        </div>
      )}
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <Console
            machine={machine}
            overlay={
              isConsoleAvailable(machine) ? null : (
                <UnavailableOverlay machine={machine} task={task} onStart={start} />
              )
            }
            onUsage={setUsage}
          />
          {script && <ScriptResult task={script} />}
          <div className="grid items-start gap-6 sm:grid-cols-2">
            <Section title={messages.activity()}>
              <AuditTrail machine={machine} initial={events} />
            </Section>
            <Section title={machinePageMessages.tasks()}>
              <TaskList tasks={machineTasks} />
            </Section>
          </div>
        </div>
        <MachineAside machine={machine} usage={usage} />
      </div>
      <ConfirmDialog
        title={machinePageMessages.terminateTitle({ name: machine.name })}
        description={machinePageMessages.terminateHint()}
        confirmLabel={messages.terminate()}
        confirmationText={machine.name}
        isOpen={isTerminating}
        onOpenChange={setTerminating}
        onConfirm={() => void requestMachineAction(store, { id, action: 'terminate' })}
      />
    </div>
  )
}
