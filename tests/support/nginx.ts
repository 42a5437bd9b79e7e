import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { projectPath } from '@/lib/process/project-path'
import { findFreePort } from '@/scripts/postgres'
import { killAndWait } from './processes'

/** Starts nginx with the site of deploy/nginx.conf, without TLS, in front of `servers` (host:port). */
export async function startNginx(servers: readonly string[], options: { balance?: string } = {}) {
  const folder = mkdtempSync(path.join(tmpdir(), 'meanwhile-nginx-'))
  const port = await findFreePort()
  const site = readFileSync(projectPath('deploy/nginx.conf'), 'utf8')
  const [maps, , app] = site.split(/^(?=server \{)/m) as [string, string, string]
  const upstream = maps
    .replace(/^  server .*;/m, servers.map((server) => `  server ${server};`).join('\n'))
    .replace(/^  hash .*;/m, (line) => options.balance ?? line)
  const http = app
    .replace(/^ *(listen \[|ssl_).*\n/gm, '')
    .replace(/listen 443 ssl;/, `listen 127.0.0.1:${port};`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  )
  const file = path.join(folder, 'nginx.conf')
  writeFileSync(
    file,
    `daemon off; pid ${folder}/pid; events {} http { access_log off; ${temporary.join(' ')} ${upstream} ${http} }`,
  )
  const child = spawn(findNginx(), ['-e', 'stderr', '-p', folder, '-c', file], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  while (!(await fetch(url).catch(() => undefined))) {
    if (child.exitCode !== null) throw new Error(`nginx ended with ${child.exitCode}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    async stop() {
      const exited = new Promise((resolve) => child.once('exit', resolve))
      // Its workers end with it.
      child.kill('SIGTERM')
      await exited
      await killAndWait(child)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Debian's nginx: installed, or unpacked from its package, which starts no service and needs no privileges. */
function findNginx() {
  if (spawnSync('nginx', ['-v']).status === 0) return 'nginx'
  const cache = projectPath('node_modules/.cache/nginx')
  const program = path.join(cache, 'usr/sbin/nginx')
  if (existsSync(program)) return program
  mkdirSync(cache, { recursive: true })
  execFileSync('apt-get', ['download', 'nginx'], { cwd: cache })
  const archive = readdirSync(cache).find((name) => name.endsWith('.deb'))!
  execFileSync('dpkg-deb', ['--extract', archive, '.'], { cwd: cache })
  return program
}
