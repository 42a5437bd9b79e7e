import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'

/** Who Postgres runs as, for it refuses to be root. */
export interface PostgresUser {
  /** Put before the program. It is replaced by the program, so the process number stays. */
  prefix: string[]
  /** Who must own the folder, seen from outside. */
  uid: number
  gid: number
}

const succeeds = (file: string, args: string[]) => spawnSync(file, args, { stdio: 'ignore' }).status === 0

/**
 * An ordinary person runs it as themselves. Root runs it in a user namespace, where root has another
 * number and still reads its own folders, wherever they lie; where that is forbidden (some
 * containers), as the system user `postgres`.
 *
 * It always ends with whoever started it, however that ended: SIGINT is Postgres's fast shutdown.
 */
export function choosePostgresUser(): PostgresUser {
  const uid = process.getuid?.() ?? 0
  const gid = process.getgid?.() ?? 0
  const endsWithParent = ['setpriv', '--pdeathsig', 'INT']
  if (uid !== 0) {
    const isLinux = succeeds('setpriv', ['--pdeathsig', 'INT', 'true'])
    return { prefix: isLinux ? [...endsWithParent, '--'] : [], uid, gid }
  }
  const namespace = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--']
  if (succeeds('unshare', [...namespace.slice(1), 'true']))
    return { prefix: [...namespace, ...endsWithParent, '--'], uid, gid }
  const user = ensureSystemUser()
  const become = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', '--']
  return { prefix: [...endsWithParent, ...become], ...user }
}

function ensureSystemUser(): { uid: number; gid: number } {
  const numberOf = (flag: string) => {
    const { status, stdout } = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' })
    return status === 0 ? Number(stdout) : undefined
  }
  if (numberOf('-u') === undefined) spawnSync('useradd', ['--system', '--user-group', 'postgres'])
  const [uid, gid] = [numberOf('-u'), numberOf('-g')]
  if (uid === undefined || gid === undefined)
    throw new Error('Postgres may not run as root, and no user for it could be made: start as another user.')
  return { uid, gid }
}

/**
 * Gives `dir` to `somebody`, and makes sure that they reach it and `program`.
 * @throws {Error} naming what is out of reach and what to do.
 */
export function grantAccess(somebody: PostgresUser, dir: string, program: string) {
  if (statSync(dir).uid !== somebody.uid)
    spawnSync('chown', ['-R', `${somebody.uid}:${somebody.gid}`, dir], { stdio: 'ignore' })
  const [file, ...args] = [...somebody.prefix, 'test', '-x']
  for (const wanted of [dir, program]) {
    if (succeeds(file!, [...args, wanted])) continue
    throw new Error(
      `Postgres may not run as root, and its own user cannot reach ${wanted}. ` +
        'Move this folder (and DATA_DIR) out of the home of root, for instance to /opt, ' +
        'start as another user, or set DATABASE_URL to a Postgres that you have.',
    )
  }
}
