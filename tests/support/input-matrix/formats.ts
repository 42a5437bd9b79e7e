// Over 200 lines because the encoders and containers of all inputs are in two tables.

/** Values of each property of an input. '–' where a track is missing. */
export const ABSENT = '–'

const STANDARD_RATES = ['24000/1001', '25', '30000/1001', '50', '60000/1001']
export const FRAME_RATES = [...STANDARD_RATES, '1', '15', '120', 'variable', ABSENT]
export const CONSTANT_RATES = FRAME_RATES.filter((rate) => !['variable', ABSENT].includes(rate))
const ALL_RATES = [...CONSTANT_RATES, 'variable']

export const PIXEL_FORMATS = [
  'yuv420p',
  'yuv422p',
  'yuv444p',
  'yuv420p10le',
  'yuv422p10le',
  'yuv444p10le',
  'yuv420p12le',
  'yuv422p12le',
  'yuv444p12le',
  'yuvj420p',
  'yuvj422p',
  'yuvj444p',
  'yuva444p10le',
  'rgb24',
  'rgb8',
  'gray',
  ABSENT,
]

interface VideoFormat {
  encoder: string
  pixels: string[]
  containers: string[]
  rates: string[]
  /** Default: 352×288 with square pixels. */
  size?: { width: number; height: number; displayWidth: number }
}

const YUV8 = ['yuv420p', 'yuv422p', 'yuv444p']
const YUV10 = ['yuv420p10le', 'yuv422p10le', 'yuv444p10le']
const YUV12 = ['yuv420p12le', 'yuv422p12le', 'yuv444p12le']

export const VIDEO: Record<string, VideoFormat> = {
  h264: {
    encoder: 'libx264 -preset ultrafast -bf 2 -g 25',
    pixels: [...YUV8, ...YUV10, 'gray'],
    containers: ['mp4', 'mov', 'mkv', 'ts', 'm2ts', 'avi', 'flv', '3gp', 'nut', 'h264'],
    rates: ALL_RATES,
  },
  hevc: {
    encoder: 'libx265 -preset ultrafast -x265-params log-level=none',
    pixels: [...YUV8, ...YUV10, ...YUV12],
    containers: ['mp4', 'mov', 'mkv', 'ts', 'm2ts', 'hevc'],
    rates: ALL_RATES,
  },
  vp8: {
    encoder: 'libvpx -deadline realtime -cpu-used 8 -b:v 1M',
    pixels: ['yuv420p'],
    containers: ['webm', 'mkv', 'ivf', 'ogv'],
    rates: ALL_RATES,
  },
  vp9: {
    encoder: 'libvpx-vp9 -deadline realtime -cpu-used 8 -b:v 1M',
    pixels: [...YUV8, ...YUV10, ...YUV12],
    containers: ['webm', 'mkv', 'mp4', 'ivf'],
    rates: ALL_RATES,
  },
  av1: {
    encoder: 'libsvtav1 -preset 12',
    pixels: ['yuv420p', 'yuv420p10le'],
    containers: ['mp4', 'mkv', 'webm', 'ivf', 'obu'],
    rates: ALL_RATES,
  },
  mpeg1video: {
    encoder: 'mpeg1video -b:v 2M',
    pixels: ['yuv420p'],
    containers: ['mpg', 'mkv', 'avi'],
    rates: STANDARD_RATES,
  },
  mpeg2video: {
    encoder: 'mpeg2video -b:v 4M',
    pixels: ['yuv420p', 'yuv422p'],
    containers: ['mpg', 'ts', 'm2ts', 'mkv', 'mxf', 'mov', 'm2v'],
    rates: STANDARD_RATES,
  },
  mpeg4: {
    encoder: 'mpeg4 -q:v 3 -bf 2',
    pixels: ['yuv420p'],
    containers: ['mp4', 'mov', 'avi', 'mkv', '3gp', 'ts', 'nut'],
    rates: ALL_RATES,
  },
  msmpeg4v3: {
    encoder: 'msmpeg4 -q:v 3',
    pixels: ['yuv420p'],
    containers: ['avi', 'mkv', 'wmv'],
    rates: CONSTANT_RATES,
  },
  wmv2: {
    encoder: 'wmv2 -q:v 3',
    pixels: ['yuv420p'],
    containers: ['wmv', 'avi', 'mkv'],
    rates: CONSTANT_RATES,
  },
  flv1: {
    encoder: 'flv -q:v 3',
    pixels: ['yuv420p'],
    containers: ['flv', 'avi', 'mkv'],
    rates: ALL_RATES,
  },
  h263: {
    encoder: 'h263 -q:v 3',
    pixels: ['yuv420p'],
    containers: ['3gp', 'avi', 'mkv'],
    rates: ['15', '25', '30000/1001'],
  },
  theora: {
    encoder: 'libtheora -q:v 8',
    pixels: YUV8,
    containers: ['ogv', 'mkv'],
    rates: CONSTANT_RATES,
  },
  mjpeg: {
    encoder: 'mjpeg -q:v 3',
    pixels: ['yuvj420p', 'yuvj422p', 'yuvj444p'],
    containers: ['avi', 'mov', 'mkv', 'mp4', 'nut'],
    rates: CONSTANT_RATES,
  },
  prores: {
    encoder: 'prores_ks',
    pixels: ['yuv422p10le', 'yuv444p10le', 'yuva444p10le'],
    containers: ['mov', 'mkv'],
    rates: STANDARD_RATES,
  },
  dnxhr: {
    encoder: 'dnxhd',
    pixels: ['yuv422p', 'yuv422p10le', 'yuv444p10le'],
    containers: ['mov', 'mkv', 'mxf'],
    rates: STANDARD_RATES,
  },
  dv: {
    encoder: 'dvvideo -aspect 4:3',
    pixels: ['yuv420p'],
    containers: ['dv', 'mov', 'avi', 'mkv'],
    rates: ['25'],
    size: { width: 720, height: 576, displayWidth: 768 },
  },
  ffv1: {
    encoder: 'ffv1',
    pixels: [...YUV8, ...YUV10, ...YUV12, 'gray'],
    containers: ['mkv', 'avi', 'mov', 'nut'],
    rates: CONSTANT_RATES,
  },
  rawvideo: {
    encoder: 'rawvideo',
    pixels: ['yuv420p', 'yuv422p', 'rgb24'],
    containers: ['mkv', 'nut'],
    rates: CONSTANT_RATES,
  },
  qtrle: { encoder: 'qtrle', pixels: ['rgb24'], containers: ['mov'], rates: CONSTANT_RATES },
  png: {
    encoder: 'png -compression_level 1',
    pixels: ['rgb24'],
    containers: ['mov', 'mkv', 'avi'],
    rates: CONSTANT_RATES,
  },
  rv20: { encoder: 'rv20 -q:v 3', pixels: ['yuv420p'], containers: ['rm'], rates: ['15', '25'] },
  gif: { encoder: 'gif', pixels: ['rgb8'], containers: ['gif'], rates: ['1', '25', '50'] },
  apng: {
    encoder: 'apng -compression_level 1',
    pixels: ['rgb24'],
    containers: ['apng'],
    rates: ['1', '15', '25'],
  },
  y4m: {
    encoder: 'wrapped_avframe',
    pixels: YUV8,
    containers: ['y4m'],
    rates: CONSTANT_RATES,
  },
}

/** Of the container, each with the arguments that select it. `audio` lists the codecs that it can contain. */
interface ContainerFormat {
  args: string
  audio: string[]
  /** Frame rates with which it is tried. Default: all constant ones. */
  rates?: string[]
  /** Whether it has a display matrix. */
  hasOrientation?: boolean
  isAudioOnly?: boolean
}

export const CONTAINERS: Record<string, ContainerFormat> = {
  mp4: {
    args: '-f mp4 -strict -2',
    audio: ['aac', 'mp3', 'opus', 'flac', 'alac', 'ac3', 'eac3', 'dts', 'vorbis'],
    rates: ALL_RATES,
    hasOrientation: true,
  },
  mov: {
    args: '-f mov',
    audio: ['aac', 'mp3', 'alac', 'ac3', 'pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_f32le', 'adpcm_ima_qt'],
    rates: ALL_RATES,
    hasOrientation: true,
  },
  '3gp': { args: '-f 3gp', audio: ['aac'], hasOrientation: true, rates: ['15', '30000/1001', 'variable'] },
  mkv: {
    args: '-f matroska -allow_raw_vfw 1',
    audio: [
      'aac',
      'mp3',
      'mp2',
      'opus',
      'vorbis',
      'flac',
      'alac',
      'ac3',
      'eac3',
      'dts',
      'truehd',
      'pcm_s16le',
      'pcm_s24le',
      'pcm_f32le',
      'wavpack',
      'tta',
      'wmav2',
      'adpcm_ms',
    ],
    rates: ALL_RATES,
  },
  webm: { args: '-f webm', audio: ['opus', 'vorbis'], rates: ALL_RATES },
  ts: {
    args: '-f mpegts',
    audio: ['aac', 'mp3', 'mp2', 'ac3', 'eac3', 'dts', 'opus', 's302m'],
    rates: ALL_RATES,
  },
  m2ts: {
    args: '-f mpegts -mpegts_m2ts_mode 1',
    audio: ['ac3', 'eac3', 'dts', 'truehd', 'pcm_bluray'],
    rates: ['25', '50', '60000/1001'],
  },
  mpg: { args: '-f vob', audio: ['mp2', 'ac3', 'dts', 'pcm_dvd'] },
  avi: {
    // It states no times, so players show reordered pictures late.
    args: '-bf 0 -f avi',
    audio: ['mp3', 'mp2', 'ac3', 'aac', 'pcm_s16le', 'pcm_u8', 'pcm_alaw', 'adpcm_ms', 'adpcm_ima_wav'],
  },
  flv: { args: '-f flv', audio: ['aac', 'mp3', 'adpcm_swf', 'speex', 'nellymoser'], rates: ALL_RATES },
  wmv: { args: '-f asf', audio: ['wmav1', 'wmav2', 'mp3'], rates: ['1', '15', '25', '60000/1001'] },
  ogv: {
    args: '-f ogg',
    audio: ['vorbis', 'opus', 'flac', 'speex'],
    rates: ['1', '25', '30000/1001', '120'],
  },
  mxf: { args: '-f mxf', audio: ['pcm_s16le', 'pcm_s24le'] },
  dv: { args: '-f dv', audio: ['pcm_s16le'] },
  rm: { args: '-f rm', audio: ['ac3'] },
  nut: { args: '-f nut', audio: ['pcm_s16le', 'pcm_f32le', 'vorbis', 'mp3'], rates: ['15', 'variable'] },
  gif: { args: '-f gif', audio: [] },
  apng: { args: '-f apng -plays 0', audio: [] },
  y4m: { args: '-f yuv4mpegpipe -strict -1', audio: [], rates: ['24000/1001'] },
  ivf: { args: '-f ivf', audio: [], rates: ['30000/1001'] },
  obu: { args: '-f obu', audio: [], rates: ['25'] },
  h264: { args: '-f h264', audio: [], rates: ['25'] },
  hevc: { args: '-f hevc', audio: [], rates: ['25'] },
  m2v: { args: '-f mpeg2video', audio: [], rates: ['25'] },
  mp3: { args: '-f mp3', audio: ['mp3'], isAudioOnly: true },
  m4a: { args: '-f ipod', audio: ['aac', 'alac'], isAudioOnly: true },
  adts: { args: '-f adts', audio: ['aac'], isAudioOnly: true },
  latm: { args: '-f latm', audio: ['aac'], isAudioOnly: true },
  flac: { args: '-f flac', audio: ['flac'], isAudioOnly: true },
  oga: { args: '-f ogg', audio: ['vorbis', 'opus', 'flac'], isAudioOnly: true },
  wma: { args: '-f asf', audio: ['wmav1', 'wmav2'], isAudioOnly: true },
  wav: {
    args: '-f wav',
    audio: ['pcm_s16le', 'pcm_s24le', 'pcm_f32le', 'pcm_u8', 'pcm_alaw', 'adpcm_ms', 'adpcm_ima_wav', 'mp3'],
    isAudioOnly: true,
  },
  w64: { args: '-f w64', audio: ['pcm_s16le', 'pcm_f32le'], isAudioOnly: true },
  aiff: { args: '-f aiff', audio: ['pcm_s16be'], isAudioOnly: true },
  au: { args: '-f au', audio: ['pcm_s16be', 'pcm_alaw'], isAudioOnly: true },
  caf: { args: '-f caf', audio: ['alac', 'pcm_s16be', 'pcm_s24le', 'opus'], isAudioOnly: true },
  ac3: { args: '-f ac3', audio: ['ac3'], isAudioOnly: true },
  eac3: { args: '-f eac3', audio: ['eac3'], isAudioOnly: true },
  dts: { args: '-f dts', audio: ['dts'], isAudioOnly: true },
  truehd: { args: '-f truehd', audio: ['truehd'], isAudioOnly: true },
  wv: { args: '-f wv', audio: ['wavpack'], isAudioOnly: true },
  tta: { args: '-f tta', audio: ['tta'], isAudioOnly: true },
  voc: { args: '-f voc', audio: ['pcm_u8'], isAudioOnly: true },
}

interface AudioFormat {
  encoder: string
  layouts: string[]
  sampleRates: string[]
}

export const LAYOUTS = [
  'stereo',
  'mono',
  '2.1',
  '3.0',
  'quad',
  '5.0',
  '5.1',
  '6.1',
  '7.1',
  'octagonal',
  ABSENT,
]
export const SAMPLE_RATES = ['48000', '44100', '22050', '16000', '8000', '96000', ABSENT]
const NAMED_LAYOUTS = LAYOUTS.filter((layout) => layout !== ABSENT)
const USUAL = ['44100', '48000']
const LOW = ['8000', '16000', '22050', '44100', '48000']
const HIGH = ['44100', '48000', '96000']

const pcm = (encoder: string, layouts = ['mono', 'stereo', '5.1']): AudioFormat => ({
  encoder,
  layouts,
  sampleRates: HIGH,
})
const twoChannels = (encoder: string, sampleRates = USUAL): AudioFormat => ({
  encoder,
  layouts: ['mono', 'stereo'],
  sampleRates,
})
const VORBIS_LAYOUTS = ['mono', 'stereo', '3.0', 'quad', '5.0', '5.1', '6.1', '7.1']

export const AUDIO: Record<string, AudioFormat> = {
  aac: {
    encoder: 'aac',
    layouts: ['mono', 'stereo', '3.0', '5.0', '5.1', '7.1'],
    sampleRates: ['22050', ...HIGH],
  },
  mp3: twoChannels('libmp3lame', ['16000', '22050', '44100', '48000']),
  mp2: twoChannels('mp2', ['16000', ...USUAL]),
  opus: { encoder: 'libopus -mapping_family 1', layouts: VORBIS_LAYOUTS, sampleRates: ['16000', '48000'] },
  vorbis: { encoder: 'libvorbis', layouts: VORBIS_LAYOUTS, sampleRates: LOW },
  flac: {
    encoder: 'flac',
    layouts: ['mono', 'stereo', '3.0', 'quad', '5.0', '5.1', '7.1'],
    sampleRates: [...LOW, '96000'],
  },
  alac: { encoder: 'alac', layouts: ['mono', 'stereo', '3.0', '5.1'], sampleRates: HIGH },
  ac3: {
    encoder: 'ac3',
    layouts: ['mono', 'stereo', '2.1', '3.0', 'quad', '5.0', '5.1'],
    sampleRates: USUAL,
  },
  eac3: { encoder: 'eac3', layouts: ['mono', 'stereo', '3.0', '5.0', '5.1'], sampleRates: USUAL },
  dts: { encoder: 'dca -strict -2', layouts: ['mono', 'stereo', '5.1'], sampleRates: USUAL },
  truehd: { encoder: 'truehd -strict -2', layouts: ['stereo', '5.1'], sampleRates: HIGH },
  pcm_s16le: { encoder: 'pcm_s16le', layouts: NAMED_LAYOUTS, sampleRates: [...LOW, '96000'] },
  pcm_s16be: pcm('pcm_s16be'),
  pcm_s24le: pcm('pcm_s24le'),
  pcm_f32le: pcm('pcm_f32le'),
  pcm_u8: twoChannels('pcm_u8', LOW),
  pcm_alaw: twoChannels('pcm_alaw', LOW),
  pcm_bluray: { encoder: 'pcm_bluray', layouts: ['stereo', '5.1'], sampleRates: ['48000', '96000'] },
  pcm_dvd: { encoder: 'pcm_dvd', layouts: ['stereo', '5.1'], sampleRates: ['48000', '96000'] },
  s302m: { encoder: 's302m -strict -2', layouts: ['stereo', 'quad'], sampleRates: ['48000'] },
  adpcm_ms: twoChannels('adpcm_ms', LOW),
  adpcm_ima_wav: twoChannels('adpcm_ima_wav', LOW),
  adpcm_ima_qt: twoChannels('adpcm_ima_qt'),
  adpcm_swf: twoChannels('adpcm_swf', ['22050', '44100']),
  wavpack: { encoder: 'wavpack', layouts: ['mono', 'stereo', '5.1', '7.1'], sampleRates: HIGH },
  tta: { encoder: 'tta', layouts: ['mono', 'stereo', '5.1'], sampleRates: HIGH },
  wmav1: twoChannels('wmav1', ['22050', ...USUAL]),
  wmav2: twoChannels('wmav2', ['22050', ...USUAL]),
  speex: { encoder: 'libspeex', layouts: ['mono'], sampleRates: ['16000'] },
  nellymoser: { encoder: 'nellymoser', layouts: ['mono'], sampleRates: ['22050', '44100'] },
}

/** How a display matrix shows the stored picture: its coefficients a, b, c, d (ISO/IEC 14496-12, 8.3.2). */
export const ORIENTATIONS: Record<string, [number, number, number, number]> = {
  upright: [1, 0, 0, 1],
  'rotated 90°': [0, 1, -1, 0],
  'rotated 180°': [-1, 0, 0, -1],
  'rotated 270°': [0, -1, 1, 0],
  mirrored: [-1, 0, 0, 1],
  flipped: [1, 0, 0, -1],
  transposed: [0, 1, 1, 0],
}
