import type { ProgressReport, TaskRun } from '@/worker/runtime/handler'
import type { Stage } from '../hypervisor'

const STAGE_LABELS: Record<Stage, string> = {
  reserve: 'Reserving capacity',
  image: 'Preparing the image',
  disk: 'Creating the disk',
  boot: 'Booting',
  answer: 'Waiting for the guest',
}
/** Overall progress (0–1) at the start of each stage. */
const STAGE_STARTS: Record<Stage, number> = { reserve: 0, image: 0.05, disk: 0.3, boot: 0.45, answer: 0.85 }
const STAGE_ORDER = Object.keys(STAGE_LABELS) as Stage[]

/** Reports the stages of a machine's start with their durations. `typicalSeconds` is the expected total, if known. */
export function createStageReporter(
  run: Pick<TaskRun<unknown>, 'report' | 'log'>,
  typicalSeconds: number | null,
) {
  const startedAt = performance.now()
  const stages: { name: string; seconds: number | null }[] = []
  let imageSeconds = 0
  let current: { stage: Stage; startedAt: number } | null = null
  const endCurrent = () => {
    if (!current) return
    const durationMs = Math.round(performance.now() - current.startedAt)
    stages.at(-1)!.seconds = durationMs / 1000
    if (current.stage === 'image') imageSeconds += durationMs / 1000
    run.log.info({ stage: current.stage, durationMs }, 'stage completed')
    current = null
  }
  const etaSeconds = () =>
    typicalSeconds === null ? null : Math.max(0, typicalSeconds - (performance.now() - startedAt) / 1000)
  return {
    onStage(stage: Stage, progress = 0, step?: string) {
      if (current?.stage !== stage) {
        endCurrent()
        current = { stage, startedAt: performance.now() }
        stages.push({ name: STAGE_LABELS[stage], seconds: null })
      }
      const end = STAGE_STARTS[STAGE_ORDER[STAGE_ORDER.indexOf(stage) + 1] ?? 'answer']
      const share = STAGE_STARTS[stage] + Math.max(0, end - STAGE_STARTS[stage]) * progress
      run.report({
        stage: step ? `${STAGE_LABELS[stage]}: ${step}` : STAGE_LABELS[stage],
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
