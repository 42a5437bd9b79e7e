import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findFreePort } from '@/scripts/postgres'

/** One route handler that answers with a row of `task`, as JSON, and does nothing else. */
const ROUTE = `
import { Pool } from 'pg'
const pool = new Pool({ connectionString: process.env.DATABASE_URL, max: 20 })
export const dynamic = 'force-dynamic'
export async function GET(_request: Request, { params }: { params: Promise<{ id: string }> }) {
  const { id } = await params
  const { rows } = await pool.query({ name: 'task', text: 'SELECT * FROM task WHERE id = $1', values: [id] })
  return Response.json(rows[0])
}
`
const PAGE = `export const dynamic = 'force-dynamic'\nexport default () => <p>Nothing</p>\n`
const CONFIG = `export default { serverExternalPackages: ['pg'], typescript: { ignoreBuildErrors: true } }\n`
const LAYOUT = `export default ({ children }: { children: React.ReactNode }) => <html><body>{children}</body></html>\n`

/** Builds and starts a Next.js app with the route GET /task/ID and a page with one paragraph. Returns its URL and a function that stops it. */
export async function startBareNext(databaseUrl: string) {
  mkdirSync('test-results', { recursive: true })
  // Inside the project, whose packages it imports.
  const dir = mkdtempSync(path.resolve('test-results/bare-next-'))
  const write = (file: string, content: string) => {
    mkdirSync(path.dirname(path.join(dir, file)), { recursive: true })
    writeFileSync(path.join(dir, file), content)
  }
  write('app/layout.tsx', LAYOUT)
  write('app/task/[id]/route.ts', ROUTE)
  write('app/page.tsx', PAGE)
  write('next.config.mjs', CONFIG)
  write('package.json', '{"type":"module","private":true}')
  const next = path.resolve('node_modules/next/dist/bin/next')
  const env = { ...process.env, NODE_ENV: 'production' as const, DATABASE_URL: databaseUrl }
  const run = (...args: string[]) =>
    spawn(process.execPath, [next, ...args], { cwd: dir, env, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code] = (await once(run('build'), 'exit')) as [number]
  if (code !== 0) throw new Error('the bare app could not be built')
  const port = await findFreePort()
  const server = run('start', '-H', '127.0.0.1', '-p', String(port))
  const url = `http://127.0.0.1:${port}`
  while (!(await fetch(url).catch(() => null))) await delay(50)
  return {
    url,
    async stop() {
      server.kill('SIGTERM')
      await once(server, 'exit')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
