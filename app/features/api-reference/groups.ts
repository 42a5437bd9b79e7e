/** The part of the API that a segment of a path belongs to. The last segment that is listed decides. */
const GROUPS: Record<string, string> = {
  videos: 'Videos',
  tags: 'Videos',
  folders: 'Videos',
  sources: 'Videos',
  imports: 'Imports and archives',
  archives: 'Imports and archives',
  'archive-imports': 'Imports and archives',
  captions: 'Captions',
  shares: 'Sharing',
  shared: 'Sharing',
  oembed: 'Sharing',
  inbox: 'Account',
  tasks: 'Tasks',
  machines: 'Machines',
  'machine-images': 'Machines',
  snapshots: 'Machines',
  webhooks: 'Webhooks',
  'webhook-deliveries': 'Webhooks',
  account: 'Account',
  keys: 'Account',
  notifications: 'Account',
  invitations: 'Account',
  health: 'Server',
}

export function groupOf(path: string) {
  const segments = path.replace(/^\/api(\/v1)?\//, '').split('/')
  if (segments[0] === 'admin') return 'Administration'
  if (segments[0] === 'events') return 'Tasks'
  if (segments[0] === 'playlists') return 'Playlists'
  const known = segments.findLast((segment) => Object.hasOwn(GROUPS, segment))
  return known ? GROUPS[known]! : toTitle(segments[0]!)
}

const toTitle = (segment: string) => segment.charAt(0).toUpperCase() + segment.slice(1).replaceAll('-', ' ')
