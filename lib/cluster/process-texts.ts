import * as messages from '../generated/messages/process-problems'
import { createStoredTextTranslator } from '../i18n/stored-texts'

const translate = createStoredTextTranslator({
  plain: [messages.sandboxOff, messages.bubblewrapMissing],
  withValue: [
    messages.bubblewrapBroken,
    messages.databaseNewer,
    messages.databaseOlder,
    messages.storageBroken,
    messages.otherStorageOfWeb,
    messages.otherStorageOfWorker,
  ],
})

/** Translates a problem that a process has reported. Other texts stay as they are. */
export const translateProcessProblem = (problem: string | null) => problem && translate(problem)
