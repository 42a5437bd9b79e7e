import { expect, vi } from 'vitest'
import type { CreateMachineResponse, MachineDto } from '@/lib/machines/schema'
import type { TestUser } from './accounts'

export const fetchMachine = (user: TestUser, id: string) =>
  user.fetchJson<MachineDto>(`/api/v1/machines/${id}`)

/** Waits until a machine is in `state`. */
export const waitForMachineState = (
  user: TestUser,
  { id, state }: { id: string; state: MachineDto['state'] },
) =>
  vi.waitFor(async () => expect((await fetchMachine(user, id)).state).toBe(state), {
    timeout: 90_000,
    interval: 200,
  })

/** Creates a machine with outbound network, whose ports can be opened, and waits until it runs. */
export async function createRunningMachine(user: TestUser, name: string) {
  const { machine } = await user.fetchJson<CreateMachineResponse>('/api/v1/machines', {
    method: 'POST',
    body: JSON.stringify({ name, network: 'outbound' }),
  })
  await waitForMachineState(user, { id: machine.id, state: 'running' })
  return machine
}
