// `npm run doctor`: says for every part whether it is there, its version, and what to do if not.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { report } from './report.mjs'
import { arePackagesInstalled } from './packages.mjs'
import { binPath, root, withPinnedNode } from './setup.mjs'
import { listBuilds } from './web-build.mjs'

const reportCheck = (part) => report.tell(part)

/** The first match of `pattern` in what a program prints; undefined when it does not run. */
function matchOutput(program, args, pattern) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 })
  if (status !== 0) return undefined
  return pattern.exec(`${stdout}${stderr}`)?.[0]
}

const aptHint = (name) => `sudo apt-get install ${name} (npm start does this where it may)`
const VERSION_PATTERN = /\d+\.\d+[^\s,)]*/

reportCheck({
  name: 'Node',
  found: matchOutput(binPath('node'), ['--version'], VERSION_PATTERN),
  fix: 'npm ci',
})
reportCheck({
  name: 'packages',
  found: arePackagesInstalled({ isProduction: true }) ? 'as in package-lock.json' : undefined,
  fix: 'npm ci (npm start does this)',
})
for (const name of ['ffmpeg', 'ffprobe'])
  reportCheck({ name, found: matchOutput(name, ['-version'], VERSION_PATTERN), fix: aptHint('ffmpeg') })
for (const encoder of ['libx264', 'aac']) {
  const found = matchOutput('ffmpeg', ['-hide_banner', '-encoders'], new RegExp(`\\b${encoder}\\b`))
  reportCheck({
    name: `  ${encoder}`,
    found,
    fix: `this ffmpeg cannot encode ${encoder}: ${aptHint('ffmpeg')}`,
  })
}
for (const name of ['prlimit', 'flock', 'setpriv', 'unshare'])
  reportCheck({ name, found: matchOutput(name, ['--version'], VERSION_PATTERN), fix: aptHint('util-linux') })
reportCheck({
  name: 'Chromium',
  found: matchOutput('chromium', ['--version'], VERSION_PATTERN),
  fix: 'only npm test needs it, and installs it',
  isOptional: true,
})
reportCheck({ name: 'web build', found: readBuildId(), fix: 'npm start makes it', isOptional: true })

if (arePackagesInstalled({ isProduction: true })) {
  const args = ['--import', 'tsx', 'scripts/doctor.ts']
  const { status } = spawnSync(binPath('node'), args, {
    cwd: root,
    stdio: 'inherit',
    env: withPinnedNode(process.env),
  })
  report.isWell &&= status === 0
}
process.exit(report.isWell ? 0 : 1)

function readBuildId() {
  try {
    return readFileSync(path.join(root, listBuilds()[0] ?? '', 'BUILD_ID'), 'utf8').trim()
  } catch {
    return undefined
  }
}
