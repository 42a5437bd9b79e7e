/** bubblewrap arguments that mount the system's programs and libraries read-only, and no other files. */
export const readOnlySystemArgs = [
  ['--ro-bind', '/usr', '/usr'],
  ['--symlink', 'usr/lib', '/lib'],
  ['--symlink', 'usr/lib64', '/lib64'],
  ['--symlink', 'usr/bin', '/bin'],
  ['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
  // Debian's ffmpeg resolves its linear algebra library here.
  ['--ro-bind-try', '/etc/alternatives', '/etc/alternatives'],
  ['--proc', '/proc'],
  ['--dev', '/dev'],
].flat()

/** bubblewrap arguments for the user `nobody` and an empty environment. */
export const unprivilegedArgs = [
  ['--clearenv'],
  ['--uid', '65534'],
  ['--gid', '65534'],
  ['--setenv', 'PATH', '/usr/bin'],
].flat()
