'use client'

import { toast } from 'sonner'
import type { LiveStore } from '@/app/live/store'
import type { MachineDto } from '@/lib/machines/schema'
import type { TaskDto } from '@/lib/tasks/schema'

const NO_RESPONSE_MESSAGE = 'The server did not answer. Try again.'

/** Sends JSON to the API. What it answers goes to `use`; what is wrong is told in a note. @returns whether it was done */
export async function sendApiRequest<T>(
  request: { at: string; method: string; body?: object; headers?: Record<string, string> },
  use: (answer: T) => void,
) {
  const answer = await fetch(request.at, {
    method: request.method,
    headers: { 'content-type': 'application/json', ...request.headers },
    body: request.body && JSON.stringify(request.body),
  }).catch(() => null)
  if (!answer?.ok) {
    const problem = (await answer?.json().catch(() => null)) as { title?: string; detail?: string } | null
    toast.error(problem ? [problem.title, problem.detail].filter(Boolean).join(' ') : NO_RESPONSE_MESSAGE)
    return false
  }
  use((answer.status === 204 ? undefined : await answer.json()) as T)
  return true
}

/** Has something done with a machine, and shows at once that it is on its way. */
export const requestMachineAction = (
  store: LiveStore,
  machine: Pick<MachineDto, 'id'>,
  action: 'start' | 'stop' | 'reboot' | 'terminate',
) =>
  sendApiRequest<{ machine: MachineDto; task: TaskDto | null }>(
    action === 'terminate'
      ? { at: `/api/v1/machines/${machine.id}`, method: 'DELETE' }
      : { at: `/api/v1/machines/${machine.id}/${action}`, method: 'POST' },
    (now) => store.add({ machines: [now.machine], tasks: now.task ? [now.task] : [] }),
  )

export const updateMachine = (store: LiveStore, machine: Pick<MachineDto, 'id'>, change: object) =>
  sendApiRequest<MachineDto>({ at: `/api/v1/machines/${machine.id}`, method: 'PATCH', body: change }, (now) =>
    store.add({ machines: [now] }),
  )
