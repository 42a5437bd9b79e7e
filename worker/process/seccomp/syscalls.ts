// Numbers of the kernel's tables (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h). The groups
// follow what Docker's default profile, flatpak and systemd's @system-service refuse.

/** System calls that a sandboxed program cannot make, by name: [x86-64, arm64]. `null`: the architecture has none. */
const DENIED = {
  // File systems and mounts.
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  swapon: [167, 224],
  swapoff: [168, 225],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  nfsservctl: [180, 42],
  sysfs: [139, null],
  ustat: [136, null],
  // Other namespaces.
  unshare: [272, 97],
  setns: [308, 268],
  // Files by handle, past the mounts of a sandbox.
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  lookup_dcookie: [212, 18],
  fanotify_init: [300, 262],
  // Other processes.
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  process_madvise: [440, 440],
  pidfd_getfd: [438, 438],
  kcmp: [312, 272],
  // Loading code into the kernel.
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  create_module: [174, null],
  query_module: [178, null],
  get_kernel_syms: [177, null],
  bpf: [321, 280],
  // Interfaces with a large attack surface.
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  uselib: [134, null],
  vmsplice: [278, 75],
  modify_ldt: [154, null],
  // The computer as a whole.
  reboot: [169, 142],
  acct: [163, 89],
  syslog: [103, 116],
  vhangup: [153, 58],
  sethostname: [170, 161],
  setdomainname: [171, 162],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  iopl: [172, null],
  ioperm: [173, null],
  _sysctl: [156, null],
  // Memory of other processes and NUMA nodes.
  migrate_pages: [256, 238],
  move_pages: [279, 239],
} satisfies Record<string, [x64: number, arm64: number | null]>

const denied = Object.values(DENIED) as [x64: number, arm64: number | null][]
export const DENIED_SYSCALLS = {
  x64: denied.map(([x64]) => x64),
  arm64: denied.flatMap(([, arm64]) => arm64 ?? []),
}

/** System calls whose arguments decide. */
export const SYSCALLS_WITH_RULES = {
  x64: { clone: 56, clone3: 435, ioctl: 16, personality: 135, socket: 41 },
  arm64: { clone: 220, clone3: 435, ioctl: 29, personality: 92, socket: 198 },
}
