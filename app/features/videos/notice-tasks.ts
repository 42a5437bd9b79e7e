import type { TaskDto } from '@/lib/tasks/schema'
import type { changePosterTask, replaceFileTask, trimVideoTask } from '@/lib/videos/tasks'

// Tasks that the page of a video has a notice of. Only the server can import the module that defines the kinds: it reads the
// configuration.
const POSTER_KIND: typeof changePosterTask.name = 'video.poster'
const REPLACE_KIND: typeof replaceFileTask.name = 'video.replace'
const TRIM_KIND: typeof trimVideoTask.name = 'video.trim'

export const isPosterTask = ({ kind }: TaskDto) => kind === POSTER_KIND
export const isReplaceTask = ({ kind }: TaskDto) => kind === REPLACE_KIND
export const isTrimTask = ({ kind }: TaskDto) => kind === TRIM_KIND
