import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { projectPath } from '@/lib/process/project-path'

/**
 * Debian's `age` command: installed, or unpacked from its package. Null, with a line, where it cannot be downloaded: tests
 * that need it are skipped.
 */
export function findAge() {
  if (spawnSync('age', ['--version']).status === 0) return 'age'
  const cache = projectPath('node_modules/.cache/age')
  const program = path.join(cache, 'usr/bin/age')
  if (existsSync(program)) return program
  mkdirSync(cache, { recursive: true })
  try {
    execFileSync('apt-get', ['download', 'age'], { cwd: cache, stdio: 'ignore' })
    const archive = readdirSync(cache).find((name) => name.endsWith('.deb'))!
    execFileSync('dpkg-deb', ['--extract', archive, '.'], { cwd: cache })
    return program
  } catch {
    process.stdout.write('Skipped tests of the age command: its Debian package cannot be downloaded.\n')
    return null
  }
}
