import { terminateMachine } from '@/lib/machines/kinds'
import { moveMachine } from '@/lib/machines/state'
import type { TaskHandler } from '../handler'
import { withMachine } from './with-machine'

/** Removes a machine and all that it left on this host. */
export const terminate: TaskHandler<typeof terminateMachine> = {
  kind: terminateMachine,
  run: (run) =>
    withMachine(run, async ({ id }, host) => {
      run.report({ stage: 'Removing it', progress: 0.2 })
      await host.hypervisor.destroy(id)
      return { store: (tx) => moveMachine(tx, { id, to: 'terminated', data: { terminatedAt: new Date() } }) }
    }),
}
