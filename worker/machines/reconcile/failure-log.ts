import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'

/** Runs steps that must not stop each other when one fails. Logs a failure unless it equals the step's last one. */
export class FailureLog {
  private readonly last = new Map<string, string>()

  constructor(private readonly logger: Pick<typeof log, 'warn'> = log) {}

  runStep(step: string, work: () => Promise<unknown>) {
    return this.logFailure({ step }, work)
  }

  /** Ignores AppErrors: another operation is in progress on the machine, and the next round retries. */
  runForMachine(context: { step: string; machineId: string }, work: () => Promise<unknown>) {
    return this.logFailure(context, () =>
      work().catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error
      }),
    )
  }

  private async logFailure(context: { step: string; machineId?: string }, work: () => Promise<unknown>) {
    const key = JSON.stringify(context)
    try {
      await work()
      this.last.delete(key)
    } catch (error) {
      const message = String(error)
      if (this.last.get(key) !== message)
        this.logger.warn({ err: error, ...context }, 'reconcile step failed')
      this.last.set(key, message)
    }
  }
}
