import { captionVideo, extractSubtitles } from '../captions/kinds'
import { mailKinds } from '../mail/kinds'
import { machineKinds } from '../machines/kinds'
import { illustrateVideo, inspectVideo, packageVideo, transcodeVideo } from '../videos/kinds'
import { deliverWebhook } from '../webhooks/kinds'
import { config, ConfigError, refuseToStart } from '../config'
import type { TaskKind } from './kind'

/** Every kind of task there is; each has one queue of the same name. */
export const kinds: readonly TaskKind[] = [
  deliverWebhook,
  inspectVideo,
  transcodeVideo,
  illustrateVideo,
  packageVideo,
  ...machineKinds,
  captionVideo,
  extractSubtitles,
  ...mailKinds,
]

/** Names of the kinds that people did not ask for and do not wait for. */
export const internalKinds = kinds.filter((kind) => kind.isInternal).map((kind) => kind.name)

const labels = new Map(kinds.map((kind) => [kind.name, kind.label]))

/** The kind in words; a kind of a newer version is shown by its name. */
export const kindLabel = (name: string) => labels.get(name) ?? name

const asides = new Set(kinds.filter((kind) => kind.isAside).map((kind) => kind.name))

/** Whether canceling one of this kind leaves alone what was started beside it. */
export const isAside = (name: string) => asides.has(name)

/** Names of the kinds whose name or words have `text` in them. */
export const kindsCalled = (text: string) =>
  kinds
    .filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(text.toLowerCase()))
    .map(({ name }) => name)

const unknown = Object.keys(config().QUEUE_OPTIONS).filter((name) => !labels.has(name))
if (unknown.length > 0)
  refuseToStart(
    new ConfigError({
      issues: unknown.map((name) => ({ path: ['QUEUE_OPTIONS', name], message: 'there is no such kind' })),
    }),
  )
