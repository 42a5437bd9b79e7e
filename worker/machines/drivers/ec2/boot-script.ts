const MARK = '[meanwhile]'
const FOLDER = '/var/lib/meanwhile'

/** Runs the script and marks its lines and its exit code, because everything shares the console. */
const RUN = `cd /root; { { sh ${FOLDER}/script </dev/null; echo $? >${FOLDER}/exit; } 2>&1 | sed 's/^/${MARK} | /'
printf '\\n${MARK} exit %s\\n' "$(cat ${FOLDER}/exit)"; } >/dev/console`

/** The part of a cloud-init configuration that runs a script once, at the first start. */
export const toScriptConfig = (script: string) => ({
  write_files: [
    {
      path: `${FOLDER}/script`,
      permissions: '0700',
      encoding: 'b64',
      content: Buffer.from(script).toString('base64'),
    },
  ],
  runcmd: [['/bin/sh', '-c', RUN]],
})

/** Finds the output of the script, and its exit code once it has ended, in the output of a console. */
export function parseScriptOutput(console: string) {
  const lines = console.split(/\r*\n/).filter((line) => line.startsWith(`${MARK} `))
  const texts = lines.map((line) => line.slice(MARK.length + 1))
  const exit = texts.find((text) => /^exit \d+$/.test(text))
  const output = texts.filter((text) => text.startsWith('| ')).map((text) => `${text.slice(2)}\n`)
  return {
    output: output.join(''),
    exitCode: exit === undefined ? undefined : Number(exit.slice('exit '.length)),
  }
}
