import type { ProgressReport, TaskRun } from '@/worker/runtime/handler'
import type { StageDefinition } from '../hypervisor'
import * as messages from '@/lib/generated/messages/machine-progress'

interface Options {
  /** Of the hypervisor. */
  definitions: readonly StageDefinition[]
  /** The expected total, if known. */
  typicalSeconds?: number | null
}

/** Reports the stages of an operation on a machine with their durations. */
export function createStageReporter(
  run: Pick<TaskRun<unknown>, 'report' | 'log'>,
  { definitions, typicalSeconds = null }: Options,
) {
  const startedAt = performance.now()
  const stages: { name: string; seconds: number | null }[] = []
  let imageSeconds = 0
  let current: { stage: StageDefinition; startedAt: number } | null = null
  const endCurrent = () => {
    if (!current) return
    const durationMs = Math.round(performance.now() - current.startedAt)
    stages.at(-1)!.seconds = durationMs / 1000
    if (current.stage.isShared) imageSeconds += durationMs / 1000
    run.log.info({ stage: current.stage.name, durationMs }, 'stage completed')
    current = null
  }
  const etaSeconds = () =>
    typicalSeconds === null ? null : Math.max(0, typicalSeconds - (performance.now() - startedAt) / 1000)
  return {
    onStage(name: string, progress = 0, step?: string) {
      const index = definitions.findIndex((one) => one.name === name)
      const stage = definitions[index]!
      if (current?.stage !== stage) {
        endCurrent()
        current = { stage, startedAt: performance.now() }
        stages.push({ name: stage.label(), seconds: null })
      }
      const endsAt = definitions[index + 1]?.startsAt ?? stage.startsAt
      const share = stage.startsAt + (endsAt - stage.startsAt) * progress
      run.report({
        stage: step ? messages.stageAndStep({ stage: stage.label(), step }) : stage.label(),
        progress: share,
        // Image builds are not part of the expected total.
        etaSeconds: step ? null : etaSeconds(),
        detail: { stages: stages.map((one) => ({ ...one })) },
      } satisfies ProgressReport)
    },
    /** Ends the last stage. @returns all stages and the total duration */
    finish() {
      endCurrent()
      return { stages, seconds: (performance.now() - startedAt) / 1000, imageSeconds }
    },
  }
}
