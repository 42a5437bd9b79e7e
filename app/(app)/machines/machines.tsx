'use client'

import { Plus, Server } from 'lucide-react'
import { Link } from '@/app/components/link'
import { useMemo } from 'react'
import { useListKeys } from '@/app/components/list-keys'
import { More } from '@/app/components/more'
import { StartCard } from '@/app/components/start-card'
import { Button } from '@/app/components/ui/button'
import { useLive } from '@/app/live/live'
import { usePages } from '@/app/live/pages'
import { MachineRow } from '@/app/machines/machine-row'
import type { MachineDto } from '@/lib/machines/contract'
import type { TaskDto } from '@/lib/tasks/contract'

interface Given {
  first: { machines: MachineDto[]; nextCursor: string | null }
  tasks: TaskDto[]
}

/** All machines that are not terminated, newest first, live. */
export function Machines({ first, tasks: known }: Given) {
  const seed = useMemo(() => ({ machines: first.machines, tasks: known }), [first, known])
  const { machines, tasks } = useLive(seed)
  const { ids: _ids, ...pages } = usePages({ path: '/api/v1/machines', first })
  useListKeys()
  const taskOf = new Map(tasks.map((task) => [task.id, task]))
  const shown = machines.filter((machine) => machine.state !== 'terminated')
  return (
    <div className="flex flex-col gap-4">
      <div className="flex items-center justify-between gap-3">
        <h1 className="text-2xl font-semibold">Machines</h1>
        {shown.length > 0 && (
          <Button asChild variant="default">
            <Link href="/machines/new">
              <Plus className="size-4" /> Order a machine
            </Link>
          </Button>
        )}
      </div>
      {shown.length === 0 && <NoMachines />}
      {shown.length > 0 && (
        <ul className="divide-y overflow-hidden rounded-xl border bg-card">
          {shown.map((machine) => (
            <MachineRow key={machine.id} machine={machine} task={taskOf.get(machine.taskId ?? '')} />
          ))}
        </ul>
      )}
      <More {...pages} />
    </div>
  )
}

function NoMachines() {
  return (
    <StartCard
      label="Order a machine"
      Icon={Server}
      heading={<h2>No machine yet</h2>}
      text="Order one and its console opens here, a moment later."
      className="border-dashed border-foreground/20"
    >
      <Button asChild variant="default">
        <Link href="/machines/new">Order a machine</Link>
      </Button>
    </StartCard>
  )
}
