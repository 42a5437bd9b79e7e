import * as machine from '@/app/api/v1/machines/[id]/route'
import * as machines from '@/app/api/v1/machines/route'
import * as task from '@/app/api/v1/tasks/[id]/route'
import * as tasks from '@/app/api/v1/tasks/route'
import * as video from '@/app/api/v1/videos/[id]/route'
import * as videos from '@/app/api/v1/videos/route'
import type { RouteParams } from '@/app/api/with-user'

type RouteHandler = (request: Request, context: { params: Promise<RouteParams> }) => Promise<Response>

/** The routes that scripts poll and order with, by their paths in `app/api`. */
const ROUTES = Object.entries({
  '/api/v1/machines': { GET: machines.GET, POST: machines.POST },
  '/api/v1/machines/[id]': { GET: machine.GET },
  '/api/v1/tasks': { GET: tasks.GET },
  '/api/v1/tasks/[id]': { GET: task.GET },
  '/api/v1/videos': { GET: videos.GET },
  '/api/v1/videos/[id]': { GET: video.GET },
} satisfies Record<string, Record<string, RouteHandler>>).map(([path, methods]) => ({
  // What is no id, as in `/videos/bulk`, what has to be decoded, and a slash at the end is left to Next.js.
  pattern: new RegExp(`^${path.replace('[id]', '(?<id>[\\da-f-]{36})')}(?:\\?|$)`),
  methods: new Map<string, RouteHandler>(Object.entries(methods)),
}))

/** The handler of a request with its parameters; undefined for one that Next.js answers. */
export function findApiRoute({ method = '', url = '' }: { method?: string; url?: string }) {
  for (const { pattern, methods } of ROUTES) {
    const match = pattern.exec(url)
    if (!match) continue
    const handle = methods.get(method)
    return handle && { handle, params: { ...match.groups } as RouteParams }
  }
  return undefined
}
