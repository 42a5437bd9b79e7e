import { log } from '@/lib/log'
import { SIZES } from '@/lib/machines/sizes'
import type { LocalMachineHost } from './local-machine-host'

/** Builds the templates of the most common image and sizes in the background. Returns an async stop. */
export function prewarmTemplates({ hypervisor }: LocalMachineHost) {
  const stop = new AbortController()
  const prepare = async () => {
    for (const image of await hypervisor.listImages()) {
      if (image.problem || image.name !== 'tiny') continue
      for (const size of [SIZES.tiny, SIZES.small])
        await hypervisor.prepareTemplate({ image: image.name, size, signal: stop.signal })
    }
  }
  const prepared = prepare().catch((error: unknown) => {
    if (!stop.signal.aborted) log.warn({ err: error }, 'template not prewarmed')
  })
  return async () => {
    stop.abort(new Error('the worker is stopping'))
    await prepared
  }
}
