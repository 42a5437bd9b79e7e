import { log } from '@/lib/log'
import { DEFAULT_IMAGE } from '@/lib/machines/schema'
import { SIZES } from '@/lib/machines/sizes'
import type { Hypervisor } from '../hypervisor'

const PREWARMED_SIZES = [SIZES.tiny, SIZES.small]

/**
 * Builds the templates of the default image for the smallest sizes in the background, if the driver keeps any. Returns an
 * async stop.
 */
export function prewarmTemplates(hypervisor: Hypervisor) {
  const { templates } = hypervisor
  if (!templates) return async () => {}
  const stop = new AbortController()
  const prepare = async () => {
    const image = (await hypervisor.listImages()).find(({ name }) => name === DEFAULT_IMAGE)
    if (!image || image.problem) return
    for (const size of PREWARMED_SIZES)
      await templates.prepare({ image: image.name, size, signal: stop.signal })
  }
  const prepared = prepare().catch((error: unknown) => {
    if (!stop.signal.aborted) log.warn({ err: error }, 'template not prewarmed')
  })
  return async () => {
    stop.abort(new Error('the worker is stopping'))
    await prepared
  }
}
