import { captionVideoTask, extractSubtitlesTask } from './captions/tasks'
import { mailKinds } from './mail/tasks'
import { machineKinds } from './machines/tasks'
import {
  generateThumbnailsTask,
  inspectVideoTask,
  packageVideoTask,
  transcodeVideoTask,
} from './videos/tasks'
import { deliverWebhookTask } from './webhooks/tasks'
import { config, ConfigError, exitOnConfigError } from './config/config'
import type { TaskKind } from './tasks/task-kind'

/** Every kind of task there is; each has one queue of the same name. */
export const kinds: readonly TaskKind[] = [
  deliverWebhookTask,
  inspectVideoTask,
  transcodeVideoTask,
  generateThumbnailsTask,
  packageVideoTask,
  ...machineKinds,
  captionVideoTask,
  extractSubtitlesTask,
  ...mailKinds,
]

/** Names of the kinds that people did not ask for and do not wait for. */
export const internalKindNames = kinds.filter((kind) => kind.isInternal).map((kind) => kind.name)

const kindLabels = new Map(kinds.map((kind) => [kind.name, kind.label]))

/** The kind in words; a kind of a newer version is shown by its name. */
export const kindLabel = (name: string) => kindLabels.get(name) ?? name

const optionalKindNames = new Set(kinds.filter((kind) => kind.isOptional).map((kind) => kind.name))

/** Whether canceling one of this kind leaves alone what was started beside it. */
export const isOptionalKind = (name: string) => optionalKindNames.has(name)

/** Names of the kinds whose name or words have `text` in them. */
export const searchKinds = (text: string) =>
  kinds
    .filter(({ name, label }) => `${name} ${label}`.toLowerCase().includes(text.toLowerCase()))
    .map(({ name }) => name)

const unknownKindNames = Object.keys(config().QUEUE_OPTIONS).filter((name) => !kindLabels.has(name))
if (unknownKindNames.length > 0)
  exitOnConfigError(
    new ConfigError({
      issues: unknownKindNames.map((name) => ({
        path: ['QUEUE_OPTIONS', name],
        message: 'there is no such kind',
      })),
    }),
  )
