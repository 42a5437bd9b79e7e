import { log } from '@/lib/log'
import { SIZES } from '@/lib/machines/sizes'
import type { LocalMachineHost } from './local-machine-host'

/** Prepares what most machines are made of ahead of the first order, without anybody waiting for it. */
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
    if (!stop.signal.aborted) log.warn({ err: error }, 'could not prepare a template')
  })
  return async () => {
    stop.abort(new Error('the worker is stopping'))
    // What it boots is ended by then.
    await prepared
  }
}
