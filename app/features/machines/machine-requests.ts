import type { LiveStore } from '@/app/live/store'
import { type ApiRequest, sendApiRequest } from '@/app/ui/api-request'
import type { CreateMachineInput, MachineDto, UpdateMachineRequest } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'

export type MachineAction = 'start' | 'stop' | 'reboot' | 'terminate'

export const machineActionRequest = (id: string, action: MachineAction): ApiRequest =>
  action === 'terminate'
    ? { url: `/api/v1/machines/${id}`, method: 'DELETE' }
    : { url: `/api/v1/machines/${id}/${action}`, method: 'POST' }

export const createMachineRequest = (body: CreateMachineInput) =>
  ({ url: '/api/v1/machines', method: 'POST', body }) satisfies ApiRequest

/** Requests an action on a machine and shows its new state at once. */
export const requestMachineAction = (
  store: LiveStore,
  { id, action }: { id: string; action: MachineAction },
) =>
  sendApiRequest<{ machine: MachineDto; task: TaskDto | null }>(
    machineActionRequest(id, action),
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
