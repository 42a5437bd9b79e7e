import { captionVideo, extractSubtitles } from '../captions/kinds'
import { machineKinds } from '../machines/kinds'
import { illustrateVideo, inspectVideo, packageVideo, transcodeVideo } from '../videos/kinds'
import type { TaskKind } from './kind'

/** Every kind of task there is; each has one queue of the same name. */
export const kinds: readonly TaskKind[] = [
  inspectVideo,
  transcodeVideo,
  illustrateVideo,
  packageVideo,
  ...machineKinds,
  captionVideo,
  extractSubtitles,
]

const labels = new Map(kinds.map((kind) => [kind.name, kind.label]))

/** The kind in words; a kind of a newer version is shown by its name. */
export const kindLabel = (name: string) => labels.get(name) ?? name

const asides = new Set(kinds.filter((kind) => kind.isAside).map((kind) => kind.name))

/** Whether canceling one of this kind leaves alone what was started beside it. */
export const isAside = (name: string) => asides.has(name)
