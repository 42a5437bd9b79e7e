'use client'

import { ask } from '@/app/ask'
import type { LiveStore } from '@/app/live/store'
import type { MachineDto } from '@/lib/machines/contract'
import type { TaskDto } from '@/lib/tasks/contract'

/** Has something done with a machine, and shows at once that it is on its way. */
export const askMachine = (
  store: LiveStore,
  machine: Pick<MachineDto, 'id'>,
  action: 'start' | 'stop' | 'reboot' | 'terminate',
) =>
  ask<{ machine: MachineDto; task: TaskDto | null }>(
    action === 'terminate'
      ? { at: `/api/v1/machines/${machine.id}`, method: 'DELETE' }
      : { at: `/api/v1/machines/${machine.id}/${action}`, method: 'POST' },
    (now) => store.add({ machines: [now.machine], tasks: now.task ? [now.task] : [] }),
  )

export const editMachine = (store: LiveStore, machine: Pick<MachineDto, 'id'>, change: object) =>
  ask<MachineDto>({ at: `/api/v1/machines/${machine.id}`, method: 'PATCH', body: change }, (now) =>
    store.add({ machines: [now] }),
  )
