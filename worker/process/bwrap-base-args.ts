/** Words for bubblewrap: the programs and libraries of the system, read-only, and nothing else of its files. */
export const readOnlySystemArgs = [
  ['--ro-bind', '/usr', '/usr'],
  ['--symlink', 'usr/lib', '/lib'],
  ['--symlink', 'usr/lib64', '/lib64'],
  ['--symlink', 'usr/bin', '/bin'],
  ['--ro-bind-try', '/etc/ld.so.cache', '/etc/ld.so.cache'],
  // Debian's ffmpeg finds its linear algebra library through here.
  ['--ro-bind-try', '/etc/alternatives', '/etc/alternatives'],
  ['--proc', '/proc'],
  ['--dev', '/dev'],
].flat()

/** Words for bubblewrap: nobody's name and number, and an environment with nothing of ours. */
export const unprivilegedArgs = [
  ['--clearenv'],
  ['--uid', '65534'],
  ['--gid', '65534'],
  ['--setenv', 'PATH', '/usr/bin'],
].flat()
