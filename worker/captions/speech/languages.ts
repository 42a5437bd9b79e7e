/** The languages of Whisper (whisper/tokenizer.py of openai/whisper). The engine ends its process for any other code. */
const WHISPER_CODES = (
  'en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml ' +
  'cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am ' +
  'yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt haw ln ha ba jw su'
).split(' ')

/** BCP 47 → Whisper, where they differ. */
const OTHER_CODES: Record<string, string> = { nb: 'no', jv: 'jw', fil: 'tl', cmn: 'zh' }

/** The BCP 47 languages that Whisper transcribes. */
export const WHISPER_LANGUAGES: readonly string[] = [...WHISPER_CODES, ...Object.keys(OTHER_CODES)]

/** Whisper's code of a language (BCP 47); undefined if it does not transcribe it. */
export function toWhisperCode(tag: string) {
  const language = tag.split('-')[0]!
  const code = OTHER_CODES[language] ?? language
  return WHISPER_CODES.includes(code) ? code : undefined
}

/** The 25 European languages of Parakeet TDT 0.6b v3, by its model card. */
export const PARAKEET_LANGUAGES: readonly string[] =
  'bg hr cs da nl en et fi fr de el hu it lv lt mt pl pt ro sk sl es sv ru uk'.split(' ')
