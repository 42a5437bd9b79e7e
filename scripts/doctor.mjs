// `npm run doctor`: checks every dependency and prints its version, or how to fix it. Exits with 1 if a required one
// fails. With --cluster it also lists the processes on all computers.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { report } from './report.mjs'
import { arePackagesInstalled } from './packages.mjs'
import { binPath, root, withPinnedNode } from './setup.mjs'
import { listBuilds } from './web-build.mjs'

const reportCheck = (check) => report.add(check)

/** The first match of `pattern` in the output of a program; undefined if the program fails. */
function matchOutput(program, args, pattern) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 20_000 })
  if (status !== 0) return undefined
  return pattern.exec(`${stdout}${stderr}`)?.[0]
}

const aptHint = (name) => `sudo apt-get install ${name} (npm start does this if permitted)`
const VERSION_PATTERN = /\d+\.\d+[^\s,)]*/

reportCheck({
  name: 'Node',
  found: matchOutput(binPath('node'), ['--version'], VERSION_PATTERN),
  fix: 'npm ci',
})
reportCheck({
  name: 'packages',
  found: arePackagesInstalled({ isProduction: true }) ? 'match package-lock.json' : undefined,
  fix: 'npm ci (npm start does this)',
})
for (const name of ['ffmpeg', 'ffprobe'])
  reportCheck({ name, found: matchOutput(name, ['-version'], VERSION_PATTERN), fix: aptHint('ffmpeg') })
for (const encoder of ['libx264', 'aac']) {
  const found = matchOutput('ffmpeg', ['-hide_banner', '-encoders'], new RegExp(`\\b${encoder}\\b`))
  reportCheck({
    name: `  ${encoder}`,
    found,
    fix: `ffmpeg lacks the ${encoder} encoder: ${aptHint('ffmpeg')}`,
  })
}
for (const name of ['prlimit', 'flock', 'setpriv', 'unshare'])
  reportCheck({ name, found: matchOutput(name, ['--version'], VERSION_PATTERN), fix: aptHint('util-linux') })
reportCheck({
  name: 'Chromium',
  found: matchOutput('chromium', ['--version'], VERSION_PATTERN),
  fix: 'used only by npm test, which installs it',
  isOptional: true,
})
reportCheck({ name: 'web build', found: readBuildId(), fix: 'npm start builds it', isOptional: true })

if (arePackagesInstalled({ isProduction: true })) {
  const args = ['--import', 'tsx', 'scripts/doctor.ts', ...process.argv.slice(2)]
  const { status } = spawnSync(binPath('node'), args, {
    cwd: root,
    stdio: 'inherit',
    env: withPinnedNode(process.env),
  })
  report.isHealthy &&= status === 0
}
process.exit(report.isHealthy ? 0 : 1)

function readBuildId() {
  try {
    return readFileSync(path.join(root, listBuilds()[0] ?? '', 'BUILD_ID'), 'utf8').trim()
  } catch {
    return undefined
  }
}
