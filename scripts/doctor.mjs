// `npm run doctor`: says for every part whether it is there, its version, and what to do if not.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { findings } from './findings.mjs'
import { arePackagesInstalled, bin, builds, root, withNode24 } from './prepare.mjs'

const tell = (part) => findings.tell(part)

/** The first match of `pattern` in what a program prints; undefined when it does not run. */
function ask(program, args, pattern) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 })
  if (status !== 0) return undefined
  return pattern.exec(`${stdout}${stderr}`)?.[0]
}

const apt = (name) => `sudo apt-get install ${name} (npm start does this where it may)`
const version = /\d+\.\d+[^\s,)]*/

tell({ name: 'Node', found: ask(bin('node'), ['--version'], version), fix: 'npm ci' })
tell({
  name: 'packages',
  found: arePackagesInstalled() ? 'as in package-lock.json' : undefined,
  fix: 'npm ci (npm start does this)',
})
for (const name of ['ffmpeg', 'ffprobe'])
  tell({ name, found: ask(name, ['-version'], version), fix: apt('ffmpeg') })
for (const encoder of ['libx264', 'aac']) {
  const found = ask('ffmpeg', ['-hide_banner', '-encoders'], new RegExp(`\\b${encoder}\\b`))
  tell({ name: `  ${encoder}`, found, fix: `this ffmpeg cannot encode ${encoder}: ${apt('ffmpeg')}` })
}
for (const name of ['prlimit', 'flock', 'setpriv', 'unshare'])
  tell({ name, found: ask(name, ['--version'], version), fix: apt('util-linux') })
tell({
  name: 'Chromium',
  found: ask('chromium', ['--version'], version),
  fix: 'only npm test needs it, and installs it',
  isOptional: true,
})
tell({ name: 'web build', found: builtAt(), fix: 'npm start makes it', isOptional: true })

if (arePackagesInstalled()) {
  const args = ['--import', 'tsx', 'scripts/doctor.ts']
  const { status } = spawnSync(bin('node'), args, {
    cwd: root,
    stdio: 'inherit',
    env: withNode24(process.env),
  })
  findings.isWell &&= status === 0
}
process.exit(findings.isWell ? 0 : 1)

function builtAt() {
  try {
    return readFileSync(path.join(root, builds()[0] ?? '', 'BUILD_ID'), 'utf8').trim()
  } catch {
    return undefined
  }
}
