import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'

/** What fails keeps nothing else from being done. It is logged when it is not what failed the last time. */
export class FailureLog {
  private readonly last = new Map<string, string>()

  constructor(private readonly logger: Pick<typeof log, 'warn'> = log) {}

  runStep(step: string, work: () => Promise<unknown>) {
    return this.logFailure({ step }, work)
  }

  /** A refusal is no failure: something else is being done with the machine, and the next round looks again. */
  runForMachine(step: string, machineId: string, work: () => Promise<unknown>) {
    return this.logFailure({ step, machineId }, () =>
      work().catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error
      }),
    )
  }

  private async logFailure(what: { step: string; machineId?: string }, work: () => Promise<unknown>) {
    const key = JSON.stringify(what)
    try {
      await work()
      this.last.delete(key)
    } catch (error) {
      const words = String(error)
      if (this.last.get(key) !== words) this.logger.warn({ err: error, ...what }, 'could not reconcile')
      this.last.set(key, words)
    }
  }
}
