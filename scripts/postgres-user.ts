import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'

/** The user that Postgres runs as. It refuses to run as root. */
export interface PostgresUser {
  /** Command prefix that executes the program in the same process, so that the PID does not change. */
  prefix: string[]
  /** Required owner of the data directory, as seen outside the user namespace. */
  uid: number
  gid: number
}

const succeeds = (file: string, args: string[]) => spawnSync(file, args, { stdio: 'ignore' }).status === 0

/**
 * Chooses the current user, unless it is root. For root, chooses a user namespace in which root has another id but
 * keeps access to its folders (decision 0003), or the system user `postgres` where namespaces are forbidden, as in some
 * containers. On Linux, Postgres receives SIGINT (fast shutdown) when its parent exits, even after a crash.
 */
export function choosePostgresUser(): PostgresUser {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  const stopWithParent = ['setpriv', '--pdeathsig', 'INT']
  if (uid !== 0) {
    const isLinux = succeeds('setpriv', ['--pdeathsig', 'INT', 'true'])
    return { prefix: isLinux ? [...stopWithParent, '--'] : [], uid, gid }
  }
  const namespace = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--']
  if (succeeds('unshare', [...namespace.slice(1), 'true']))
    return { prefix: [...namespace, ...stopWithParent, '--'], uid, gid }
  const user = ensureSystemUser()
  const switchUser = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--']
  return { prefix: [...stopWithParent, ...switchUser], ...user }
}

function ensureSystemUser(): { uid: number; gid: number } {
  const readId = (flag: string) => {
    const { status, stdout } = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' })
    return status === 0 ? Number(stdout) : undefined
  }
  if (readId('-u') === undefined) spawnSync('useradd', ['--system', '--user-group', 'postgres'])
  const [uid, gid] = [readId('-u'), readId('-g')]
  if (uid === undefined || gid === undefined)
    throw new Error(
      'Postgres cannot run as root, and creating a system user for it failed. Start as another user.',
    )
  return { uid, gid }
}

/**
 * Makes `user` the owner of `dir` and verifies that it can access `dir` and `program`.
 * @throws {Error} with the inaccessible path and how to fix it
 */
export function grantAccess(user: PostgresUser, dir: string, program: string) {
  if (statSync(dir).uid !== user.uid)
    spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, dir], { stdio: 'ignore' })
  const [file, ...args] = [...user.prefix, 'test', '-x']
  for (const target of [dir, program]) {
    if (succeeds(file!, [...args, target])) continue
    throw new Error(
      `Postgres cannot run as root, and its system user cannot access ${target}. ` +
        "Move this folder and DATA_DIR out of root's home directory, for example to /opt, " +
        'start as another user, or set DATABASE_URL to an existing Postgres.',
    )
  }
}
