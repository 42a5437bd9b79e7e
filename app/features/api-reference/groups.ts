import * as messages from '@/lib/generated/messages/api-reference'

/** The part of the API that a segment of a path belongs to. The last segment that is listed decides. */
const GROUPS: Record<string, () => string> = {
  videos: messages.groupVideos,
  tags: messages.groupVideos,
  folders: messages.groupVideos,
  sources: messages.groupVideos,
  imports: messages.groupArchives,
  archives: messages.groupArchives,
  'archive-imports': messages.groupArchives,
  captions: messages.groupCaptions,
  shares: messages.groupSharing,
  shared: messages.groupSharing,
  oembed: messages.groupSharing,
  inbox: messages.groupAccount,
  tasks: messages.groupTasks,
  machines: messages.groupMachines,
  'machine-images': messages.groupMachines,
  snapshots: messages.groupMachines,
  webhooks: messages.groupWebhooks,
  'webhook-deliveries': messages.groupWebhooks,
  account: messages.groupAccount,
  keys: messages.groupAccount,
  notifications: messages.groupAccount,
  invitations: messages.groupAccount,
  health: messages.groupServer,
}

export function groupOf(path: string) {
  const segments = path.replace(/^\/api(\/v1)?\//, '').split('/')
  if (segments[0] === 'admin') return messages.groupAdministration()
  if (segments[0] === 'events') return messages.groupTasks()
  if (segments[0] === 'playlists') return messages.groupPlaylists()
  const known = segments.findLast((segment) => Object.hasOwn(GROUPS, segment))
  return known ? GROUPS[known]!() : toTitle(segments[0]!)
}

const toTitle = (segment: string) => segment.charAt(0).toUpperCase() + segment.slice(1).replaceAll('-', ' ')
