import { z } from 'zod'
import type { Task } from '@/lib/generated/prisma/client'

/** The reasons for which a file may be refused. */
const REFUSALS = [
  'video.not_media',
  'video.unreadable',
  'video.no_streams',
  'video.protected',
  'video.needs_memory',
  'video.too_long',
  'video.too_large',
  'video.too_narrow',
]
const errorSchema = z.object({ code: z.enum(REFUSALS), message: z.string(), advice: z.string() })
/** Paths, parts of programs and values that were not there. */
const NO_SENTENCE = /[/\\{}<>]|undefined|null|NaN|Infinity|ffmpeg|Error|\n/

/**
 * Checks that each task of an uploaded file is done, or failed at the first attempt with a reason for its owner. Parts end
 * with the task that they belong to.
 */
export const findTaskFaults = (tasks: Task[]) =>
  tasks.flatMap((task) => {
    const endedWithWhole = tasks.some(({ id, state }) => id === task.partOfId && state === 'failed')
    if (task.state === 'canceled' && endedWithWhole) return []
    const faults = checkTask(task)
    return faults.length > 0 ? [`${task.kind}: ${faults.join(', ')}`] : []
  })

function checkTask({ state, error, attempts, deaths }: Task) {
  const faults: string[] = []
  if (deaths > 0) faults.push('its worker died')
  if (state === 'done') return faults
  if (state !== 'failed') faults.push(`is ${state}`)
  const parsed = errorSchema.safeParse(error)
  if (!parsed.success) return [...faults, `failed with ${JSON.stringify(error)}`]
  const { message, advice } = parsed.data
  for (const text of [message, advice])
    if (!/^[A-Z].*\.$/.test(text) || NO_SENTENCE.test(text) || text.length > 200)
      faults.push(`says “${text}”`)
  if (attempts > 1) faults.push(`took ${attempts} attempts to fail`)
  return faults
}
