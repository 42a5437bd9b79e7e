// `npm test`: sets everything up on a fresh machine, runs every check and test, and counts them.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { installPackages } from './packages.mjs'
import { binPath, generatePrismaClient, print, root, withPinnedNode } from './setup.mjs'
import {
  CAPTION_PROGRAMS,
  installBrowser,
  installSystemPackages,
  MACHINE_PROGRAMS,
  MEDIA_PROGRAMS,
} from './system-packages.mjs'
import { buildWeb } from './web-build.mjs'

const isFull = process.argv.includes('--full')
const total = { passed: 0, failed: 0, skipped: 0 }
const resultsDir = path.join(root, 'test-results')

installPackages({ isProduction: false })
installSystemPackages({ ...MEDIA_PROGRAMS, ...MACHINE_PROGRAMS, ...CAPTION_PROGRAMS })
if (isFull) installSystemPackages({ faketime: 'faketime' })
installBrowser()
generatePrismaClient()
// Types of routes are made by it, and tests run it.
buildWeb()
rmSync(resultsDir, { recursive: true, force: true })
mkdirSync(resultsDir, { recursive: true })

const env = withPinnedNode({ ...process.env, ...(isFull ? { TEST_FULL: '1' } : {}) })
const runTool = (command, args) =>
  spawnSync(binPath(command), args, { cwd: root, stdio: 'inherit', env }).status === 0

function runCheck(name, command, args) {
  print(`\n— ${name}`)
  total[runTool(command, args) ? 'passed' : 'failed']++
}

function addResults(name, file, isOk, read) {
  if (!existsSync(file)) {
    print(`${name} did not run to its end.`)
    total.failed++
    return
  }
  const found = read(JSON.parse(readFileSync(file, 'utf8')))
  for (const key of Object.keys(total)) total[key] += found[key]
  // A suite may break outside its tests.
  if (!isOk && found.failed === 0) total.failed++
}

function runVitest(project) {
  print(`\n— ${project} tests`)
  const file = path.join(resultsDir, `${project}.json`)
  const isOk = runTool('vitest', [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  addResults(project, file, isOk, (found) => ({
    passed: found.numPassedTests,
    failed: found.numFailedTests,
    skipped: found.numPendingTests,
  }))
}

function runPlaywright() {
  print('\n— end-to-end tests')
  const isOk = runTool('playwright', ['test'])
  addResults('end-to-end', path.join(resultsDir, 'e2e.json'), isOk, ({ stats }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky,
    skipped: stats.skipped,
  }))
}

runCheck('format', 'oxfmt', ['--check', '.'])
runCheck('lint and architecture', 'oxlint', ['--type-aware', '--deny-warnings'])
runCheck('types', 'tsc', ['--noEmit'])
runCheck('dead code', 'knip', [])
runVitest('unit')
runVitest('integration')
if (isFull) runVitest('faults')
runPlaywright()

print(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`)
process.exit(total.failed > 0 ? 1 : 0)
