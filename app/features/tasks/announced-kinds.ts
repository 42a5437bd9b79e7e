import type { captionVideoTask } from '@/lib/captions/tasks'
import type { createArchiveTask, importArchiveTask } from '@/lib/archives/tasks'
import type { importFileTask, importSampleTask, importUrlTask } from '@/lib/imports/tasks'
import type { provisionMachineTask } from '@/lib/machines/tasks'
import type { replaceFileTask, transcodeVideoTask, trimVideoTask } from '@/lib/videos/tasks'

type AnnouncedKind = (
  | typeof captionVideoTask
  | typeof createArchiveTask
  | typeof importArchiveTask
  | typeof importFileTask
  | typeof importSampleTask
  | typeof importUrlTask
  | typeof provisionMachineTask
  | typeof replaceFileTask
  | typeof transcodeVideoTask
  | typeof trimVideoTask
)['name']

/** Those whose end is a notification, which is announced as well; not the steps that they consist of. */
const ANNOUNCED_KINDS: ReadonlySet<string> = new Set<AnnouncedKind>([
  'archive.create',
  'archive.import',
  'machine.provision',
  'video.caption',
  'video.import',
  'video.import-file',
  'video.import-sample',
  'video.replace',
  'video.transcode',
  'video.trim',
])

/** Whether start, end and failure of a task of this kind are announced to screen readers on every page. */
export const isAnnouncedKind = (kind: string) => ANNOUNCED_KINDS.has(kind)
