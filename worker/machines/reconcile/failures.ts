import { AppError } from '@/lib/errors'
import { log } from '@/lib/log'

/** What fails keeps nothing else from being done. It is logged when it is not what failed the last time. */
export class Failures {
  private readonly last = new Map<string, string>()

  constructor(private readonly to: Pick<typeof log, 'warn'> = log) {}

  step(step: string, work: () => Promise<unknown>) {
    return this.contain({ step }, work)
  }

  /** A refusal is no failure: something else is being done with the machine, and the next round looks again. */
  machine(step: string, machineId: string, work: () => Promise<unknown>) {
    return this.contain({ step, machineId }, () =>
      work().catch((error: unknown) => {
        if (!(error instanceof AppError)) throw error
      }),
    )
  }

  private async contain(what: { step: string; machineId?: string }, work: () => Promise<unknown>) {
    const key = JSON.stringify(what)
    try {
      await work()
      this.last.delete(key)
    } catch (error) {
      const words = String(error)
      if (this.last.get(key) !== words) this.to.warn({ err: error, ...what }, 'could not reconcile')
      this.last.set(key, words)
    }
  }
}
