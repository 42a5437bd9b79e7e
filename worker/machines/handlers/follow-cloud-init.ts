/** Shows what cloud-init prints until it has applied its configuration. The exit code is that of cloud-init. */
export const FOLLOW_CLOUD_INIT = `if ! command -v cloud-init >/dev/null 2>&1; then
  echo 'This image has no cloud-init, which #cloud-config needs. Use a script.'
  exit 127
fi
log=/var/log/cloud-init-output.log
cloud-init status --wait >/dev/null 2>&1 &
waiting=$!
# Not every tail can end with a process.
tail -n +1 -F --pid="$waiting" "$log" 2>/dev/null && isShown=true
wait "$waiting"
code=$?
[ "$isShown" ] || cat "$log"
exit "$code"`
