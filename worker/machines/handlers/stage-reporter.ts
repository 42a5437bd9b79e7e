import type { ProgressReport, TaskRun } from '@/worker/runtime/handler'
import type { Stage } from '../hypervisor'

const STAGE_LABELS: Record<Stage, string> = {
  reserve: 'Reserving room',
  image: 'Preparing the image',
  disk: 'Making the disk',
  boot: 'Booting',
  answer: 'Waiting for its answer',
}
/** The share of the whole that is behind us when a stage begins. */
const STAGE_STARTS: Record<Stage, number> = { reserve: 0, image: 0.05, disk: 0.3, boot: 0.45, answer: 0.85 }
const STAGE_ORDER = Object.keys(STAGE_LABELS) as Stage[]

/** Tells the stages of a machine's start as they come, with their times. `typicalSeconds` is how long it took before. */
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
    run.log.info({ stage: current.stage, durationMs }, 'stage done')
    current = null
  }
  const etaSeconds = () =>
    typicalSeconds === null ? null : Math.max(0, typicalSeconds - (performance.now() - startedAt) / 1000)
  return {
    onStage(stage: Stage, progress = 0, what?: string) {
      if (current?.stage !== stage) {
        endCurrent()
        current = { stage, startedAt: performance.now() }
        stages.push({ name: STAGE_LABELS[stage], seconds: null })
      }
      const end = STAGE_STARTS[STAGE_ORDER[STAGE_ORDER.indexOf(stage) + 1] ?? 'answer']
      const share = STAGE_STARTS[stage] + Math.max(0, end - STAGE_STARTS[stage]) * progress
      run.report({
        stage: what ? `${STAGE_LABELS[stage]}: ${what}` : STAGE_LABELS[stage],
        progress: share,
        // How long an image is made nobody knows who was given it ready.
        etaSeconds: what ? null : etaSeconds(),
        detail: { stages: stages.map((one) => ({ ...one })) },
      } satisfies ProgressReport)
    },
    /** All of them, when the last is over. */
    end() {
      endCurrent()
      return { stages, seconds: (performance.now() - startedAt) / 1000, imageSeconds }
    },
  }
}
