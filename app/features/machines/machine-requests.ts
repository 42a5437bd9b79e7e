import type { LiveStore } from '@/app/live/store'
import { sendApiRequest } from '@/app/ui/api-request'
import type { MachineDto, UpdateMachineRequest } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'

/** Requests an action on a machine and shows its new state at once. */
export const requestMachineAction = (
  store: LiveStore,
  { id, action }: { id: string; action: 'start' | 'stop' | 'reboot' | 'terminate' },
) =>
  sendApiRequest<{ machine: MachineDto; task: TaskDto | null }>(
    action === 'terminate'
      ? { url: `/api/v1/machines/${id}`, method: 'DELETE' }
      : { url: `/api/v1/machines/${id}/${action}`, method: 'POST' },
    ({ machine, task }) => store.upsert({ machines: [machine], tasks: task ? [task] : [] }),
  )

/** @returns whether the change was saved */
export const updateMachine = (
  store: LiveStore,
  { id, change }: { id: string; change: UpdateMachineRequest },
) =>
  sendApiRequest<MachineDto>({ url: `/api/v1/machines/${id}`, method: 'PATCH', body: change }, (machine) =>
    store.upsert({ machines: [machine] }),
  )
