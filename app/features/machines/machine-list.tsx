'use client'

import { Plus, Server } from 'lucide-react'
import { Link } from '@/app/ui/link'
import { useMemo } from 'react'
import { LoadMore } from '@/app/ui/load-more'
import { StartCard } from '@/app/ui/start-card'
import { Button } from '@/app/ui/button'
import { useLive } from '@/app/live/live-provider'
import { usePaginatedRows } from '@/app/live/use-paginated-rows'
import { MachineRow } from './machine-row'
import type { MachineDto } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'
import * as messages from '@/lib/generated/messages/machines'

interface Props {
  initial: { machines: MachineDto[]; nextCursor: string | null }
  initialTasks: TaskDto[]
}

/** The machines of a user that are not terminated, newest first, live. */
export function MachineList({ initial, initialTasks }: Props) {
  const seed = useMemo(() => ({ machines: initial.machines, tasks: initialTasks }), [initial, initialTasks])
  const { machines, tasks } = useLive(seed)
  const { ids: _ids, ...pages } = usePaginatedRows({ path: '/api/v1/machines', first: initial })
  const tasksById = new Map(tasks.map((task) => [task.id, task]))
  const shown = machines.filter((machine) => machine.state !== 'terminated')
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold">{messages.machines()}</h1>
        {shown.length > 0 && (
          <Button asChild variant="default">
            <Link href="/machines/new">
              <Plus className="size-4" /> {messages.create()}
            </Link>
          </Button>
        )}
      </div>
      {shown.length === 0 && <NoMachines />}
      {shown.length > 0 && (
        <ul className="divide-y overflow-hidden rounded-xl border bg-card">
          {shown.map((machine) => (
            <MachineRow key={machine.id} machine={machine} task={tasksById.get(machine.taskId ?? '')} />
          ))}
        </ul>
      )}
      <LoadMore {...pages} />
    </div>
  )
}

function NoMachines() {
  return (
    <StartCard
      label={messages.create()}
      Icon={Server}
      heading={<h2>{messages.noMachines()}</h2>}
      description={messages.noMachinesHint()}
      className="border-dashed border-foreground/20"
    >
      <Button asChild variant="default">
        <Link href="/machines/new">{messages.create()}</Link>
      </Button>
    </StartCard>
  )
}
